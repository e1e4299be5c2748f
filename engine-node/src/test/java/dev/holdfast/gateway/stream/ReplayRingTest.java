package dev.holdfast.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayRingTest {
  private static final Duration AT_ONCE = Duration.ZERO;

  private static ReplayRing.Entry entry(int number) {
    return new ReplayRing.Entry("x:" + number, "T", new byte[10]);
  }

  private static List<String> ids(ReplayRing.Batch batch) {
    return batch.entries().stream().map(ReplayRing.Entry::id).toList();
  }

  @Test
  void aReaderGoesOnWhereItWas() throws InterruptedException {
    var ring = new ReplayRing(10, 1000);
    ring.add(entry(1));
    long position = ring.end();
    ring.add(entry(2));
    ring.add(entry(3));
    var batch = ring.read(position, 1, AT_ONCE);
    assertThat(ids(batch)).containsExactly("x:2");
    assertThat(batch.gap()).isFalse();
    assertThat(ids(ring.read(batch.position(), 5, AT_ONCE))).containsExactly("x:3");
  }

  @Test
  void aReaderThatFellBehindIsToldAndGoesOnWithTheOldest() throws InterruptedException {
    var ring = new ReplayRing(2, 1000);
    long position = ring.end();
    for (int i = 1; i <= 5; i++) {
      ring.add(entry(i));
    }
    var batch = ring.read(position, 10, AT_ONCE);
    assertThat(batch.gap()).isTrue();
    assertThat(ids(batch)).containsExactly("x:4", "x:5");
    assertThat(batch.position()).isEqualTo(ring.end());
  }

  @Test
  void bytesAreBoundedToo() {
    var ring = new ReplayRing(100, 25);
    for (int i = 1; i <= 5; i++) {
      ring.add(entry(i));
    }
    assertThat(ring.size()).isEqualTo(2);
  }

  @Test
  void anIdIsFoundWhileItIsKept() throws InterruptedException {
    var ring = new ReplayRing(2, 1000);
    ring.add(entry(1));
    ring.add(entry(2));
    ring.add(entry(3));
    assertThat(ring.after("x:1")).isNull();
    Long position = ring.after("x:2");
    assertThat(position).isNotNull();
    assertThat(ids(ring.read(position, 10, AT_ONCE))).containsExactly("x:3");
  }

  @Test
  void aReaderWaitsForTheNext() throws InterruptedException {
    var ring = new ReplayRing(2, 1000);
    Thread writer = Thread.startVirtualThread(() -> ring.add(entry(1)));
    assertThat(ids(ring.read(0, 10, Duration.ofSeconds(10)))).containsExactly("x:1");
    writer.join();
    assertThat(ring.read(1, 10, Duration.ofMillis(1)).entries()).isEmpty();
  }
}
