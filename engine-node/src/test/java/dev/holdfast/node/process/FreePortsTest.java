package dev.holdfast.node.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {
  @Test
  void areDifferentAndNoneThatAnOutgoingConnectionMayTake() {
    List<Integer> ports = FreePorts.on("127.0.0.1", 50);
    assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port > 1023 && port < 32_768);
  }

  @Test
  void anAddressOfAnotherMachineHasNone() {
    // RFC 5737: an address for documentation, nobody's.
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> FreePorts.oneOn("192.0.2.1"));
  }
}
