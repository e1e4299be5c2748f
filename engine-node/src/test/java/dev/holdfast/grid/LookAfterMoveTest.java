package dev.holdfast.grid;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What follows from a state can get lost while its partition moves. */
class LookAfterMoveTest {
  private static final int PLACES = 3;
  private static final int EXECUTIONS = 20;

  /** To go through all partitions takes half a minute. */
  private static final Duration SOON = Duration.ofSeconds(12);

  @Test
  void tasksThatGotLostWhenTheyMovedAreOfferedAgainSoon() {
    try (var cluster = new TestCluster(PLACES)) {
      cluster.register(
          "one",
          """
          name: one
          tasks:
            a: { agent: nobody }
          """);
      Set<String> ids = new HashSet<>();
      while (ids.size() < EXECUTIONS) {
        String id = cluster.idOwnedBy(2);
        cluster.start(0, "one", id, null);
        ids.add(id);
      }
      cluster.kill(2);
      await().until(() -> waiting(cluster) == EXECUTIONS);
      for (String id : ids) {
        cluster.running().forEach(member -> member.agents().withdraw(TestMember.key(id)));
      }
      await().atMost(SOON).until(() -> waiting(cluster) == EXECUTIONS);
    }
  }

  private static int waiting(TestCluster cluster) {
    return cluster.running().stream()
        .mapToInt(member -> member.agents().waitingTasks().count())
        .sum();
  }
}
