package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.hazelcast.map.IMap;
import com.hazelcast.spi.exception.SilentException;
import dev.holdfast.journal.ExecutionEntry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Processors that are answered on the member that they were made on. */
class LocalProcessorTest {
  @Test
  void oneThatArrivesAtAnotherMemberTellsItsCallerSo() {
    try (var cluster = new TestCluster(2)) {
      String key = TestMember.key(cluster.idOwnedBy(1)).text();
      IMap<String, ExecutionEntry> executions =
          cluster.member(0).hazelcast().getMap(MemberConfig.EXECUTIONS);
      var read = new CompletableFuture<@Nullable ExecutionEntry>();
      var applied = executions.submitToKey(key, new Inspection(read)).toCompletableFuture();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> applied.get(20, TimeUnit.SECONDS))
          .withCauseInstanceOf(MovedException.class)
          .satisfies(failure ->
              assertThat(failure.getCause()).as("not logged").isInstanceOf(SilentException.class))
          .withMessageContaining("Inspection");
      assertThat(read).isNotDone();
    }
  }
}
