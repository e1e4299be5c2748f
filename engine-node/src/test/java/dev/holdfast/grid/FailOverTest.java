package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.HistoryItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Members that come, go and die while executions are under way. */
class FailOverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String TWO_STEPS =
      """
      name: two-steps
      tasks:
        first: { agent: worker }
        second: { agent: worker, needs: [first] }
      """;

  private static TestCluster threeMembers() {
    var cluster = new TestCluster(3);
    cluster.register("two-steps", TWO_STEPS);
    return cluster;
  }

  private static ExecutionState state(GridEngine member, String id) {
    return member.find(TestMember.key(id)).orElseThrow();
  }

  @Test
  void anyMemberTakesCommandsForAnyExecution() {
    try (var cluster = threeMembers()) {
      for (int owner = 0; owner < 3; owner++) {
        for (int asked = 0; asked < 3; asked++) {
          String id = cluster.idOwnedBy(owner);
          Outcome outcome = cluster.start(asked, "two-steps", id, Map.of("n", 1L));
          assertThat(outcome).isInstanceOf(Outcome.Done.class);
          assertThat(state(cluster.member((asked + 1) % 3), id).status())
              .isEqualTo(ExecutionStatus.RUNNING);
        }
      }
    }
  }

  @Test
  void whatAKilledOwnerHasAcknowledgedGoesOnElsewhere() {
    try (var cluster = threeMembers()) {
      List<String> ids = startOwnedBy(cluster, 1, 20);
      Set<String> completed = new HashSet<>();
      for (Assignment task : cluster.poll(1, "worker", 10, PATIENCE)) {
        assertThat(cluster.complete(1, task, task.execution())).isInstanceOf(Outcome.Done.class);
        completed.add(task.execution() + '/' + task.task());
      }
      cluster.kill(1);
      completeAll(cluster, 0, ids);
      for (String id : ids) {
        ExecutionState end = state(cluster.member(0), id);
        assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
      }
      for (String done : completed) {
        String id = done.substring(0, done.indexOf('/'));
        String task = done.substring(done.indexOf('/') + 1);
        assertThat(state(cluster.member(2), id).task(task).attempts()).hasSize(1);
      }
    }
  }

  @Test
  void runningTasksAreHandedOutAnewWhenTheirLeasesDieWithTheOwner() {
    try (var cluster = threeMembers()) {
      List<String> ids = startOwnedBy(cluster, 2, 5);
      List<Assignment> held = cluster.poll(2, "worker", 5, PATIENCE);
      assertThat(held).isNotEmpty();
      cluster.kill(2);
      completeAll(cluster, 1, ids);
      ExecutionState one = state(cluster.member(0), held.getFirst().execution());
      assertThat(one.task("first").attempts().size()).isGreaterThan(1);
    }
  }

  @Test
  void aMemberThatJoinsTakesOverPartOfWhatIsUnderWay() {
    try (var cluster = threeMembers()) {
      cluster.kill(2);
      cluster.awaitOpen(2);
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        ids.addAll(startOwnedBy(cluster, i % 2, 1));
      }
      GridEngine third = cluster.startIn(2);
      await().atMost(PATIENCE).until(() -> third.liveCount() > 5);
      await().atMost(PATIENCE).until(() -> liveOfAll(cluster) == ids.size());
      assertThat(third.agents().waitingTasks().count()).isPositive();
      completeAll(cluster, 2, ids);
    }
  }

  @Test
  void historiesHaveNoGapAfterAllMembersWereReplaced() {
    try (var cluster = threeMembers()) {
      List<String> ids = startOwnedBy(cluster, 0, 10);
      cluster.stop(0);
      cluster.startIn(0);
      cluster.stop(1);
      cluster.startIn(1);
      completeAll(cluster, 1, ids);
      for (String id : ids) {
        int owner = cluster.ownerOf(id);
        List<HistoryItem> history =
            cluster.member(owner).store().history(TestMember.key(id), 0, 100);
        assertThat(history.getLast().seq()).isEqualTo(state(cluster.member(2), id).seq());
      }
    }
  }

  private static int liveOfAll(TestCluster cluster) {
    return cluster.running().stream().mapToInt(GridEngine::liveCount).sum();
  }

  private static List<String> startOwnedBy(TestCluster cluster, int place, int count) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      String id = cluster.idOwnedBy(place);
      assertThat(cluster.start(place, "two-steps", id, Map.of())).isInstanceOf(Outcome.Done.class);
      ids.add(id);
    }
    return ids;
  }

  /** An agent on every member works until all of these have ended. */
  private static void completeAll(TestCluster cluster, int asked, List<String> ids) {
    await()
        .atMost(PATIENCE)
        .until(() -> {
          for (int place = 0; place < cluster.size(); place++) {
            int at = place;
            if (cluster.isRunning(at)) {
              cluster
                  .poll(at, "worker", 50, Duration.ofMillis(200))
                  .forEach(task -> cluster.complete(asked, task, "done"));
            }
          }
          return ids.stream().allMatch(id -> state(cluster.member(asked), id).status().isEnded());
        });
  }
}
