package dev.holdfast.grid.reach.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Dispatcher.LeaseStatus;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.grid.TestMember;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An attempt that was polled for goes on although its owner is lost. */
class MovingLeaseTest {
  @Test
  void heartbeatsCarryAnAttemptOverToTheNextOwner() {
    try (var cluster = new TestCluster(3)) {
      cluster.register(
          "carried",
          """
          name: carried
          tasks:
            a: { agent: carried, heartbeat: 20s }
          """);
      String id = cluster.idOwnedBy(2);
      cluster.start(0, "carried", id, null);
      Assignment task = cluster.poll(0, "carried", 1, Duration.ofSeconds(20)).getFirst();
      cluster.kill(2);
      cluster.awaitOpen(2);
      Instant end = Instant.now().plusSeconds(4);
      Awaitility.await()
          .pollInterval(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            assertThat(beat(cluster, task)).isEqualTo(LeaseStatus.LIVE);
            return Instant.now().isAfter(end);
          });
      assertThat(cluster.complete(1, task, "done")).isInstanceOf(Outcome.Done.class);
      var state = cluster.member(0).find(TestMember.key(id)).orElseThrow();
      assertThat(state.status()).isEqualTo(ExecutionStatus.COMPLETED);
      assertThat(state.task("a").attempts()).hasSize(1);
    }
  }

  private static LeaseStatus beat(TestCluster cluster, Assignment task) {
    return cluster
        .member(0)
        .dispatcher()
        .heartbeat(TestMember.TENANT, task.token(), null, null)
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }
}
