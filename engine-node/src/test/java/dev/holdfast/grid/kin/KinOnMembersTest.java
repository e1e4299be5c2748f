package dev.holdfast.grid.kin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.grid.TestMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parents and children on different members, of which some die. */
class KinOnMembersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARENT = 1;
  private static final int CHILD = 2;
  private static final int OTHER = 0;

  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = new TestCluster(3);
    cluster.register("child", "{name: child, tasks: {work: {agent: worker}}}");
    cluster.register(
        "parent", "{name: parent, tasks: {x: {workflow: child, retry: {maxAttempts: 1}}}}");
    cluster.register(
        "list",
        "{name: list, tasks: {x: {workflow: child, forEach: '${input}', concurrency: 6,"
            + " retry: {maxAttempts: 1}}}}");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** The id of a parent on one member whose child is on another. */
  private String apart() {
    String id;
    do {
      id = cluster.idOwnedBy(PARENT);
    } while (cluster.ownerOf(id + "/x") != CHILD);
    return id;
  }

  private String started() {
    String id = apart();
    assertThat(cluster.start(OTHER, "parent", id, null)).isInstanceOf(Outcome.Done.class);
    return id;
  }

  private Optional<ExecutionState> find(String id) {
    return cluster.member(OTHER).find(TestMember.key(id));
  }

  private ExecutionState state(String id) {
    return find(id).orElseThrow();
  }

  private void awaitStatus(String id, ExecutionStatus status) {
    await()
        .atMost(PATIENCE)
        .until(() -> find(id).filter(state -> state.status() == status).isPresent());
  }

  private Assignment take() {
    List<Assignment> tasks = cluster.poll(OTHER, "worker", 1, Duration.ofSeconds(30));
    assertThat(tasks).hasSize(1);
    return tasks.getFirst();
  }

  @Test
  void parentAndChildWorkTogetherAcrossMembers() {
    String id = started();
    Assignment task = take();
    assertThat(task.execution()).isEqualTo(id + "/x");
    cluster.submit(
        OTHER, id, new Command.PauseExecution("p1", PauseMode.GRACEFUL, "ann", "a look"));
    awaitStatus(id + "/x", ExecutionStatus.PAUSING);
    cluster.complete(OTHER, task, "done");
    awaitStatus(id, ExecutionStatus.PAUSED);
    cluster.submit(OTHER, id, new Command.ResumeExecution("r1", "ann", null, false));
    awaitStatus(id, ExecutionStatus.COMPLETED);
    assertThat(state(id).task("x").output()).isEqualTo(Map.of("work", "done"));
  }

  @Test
  void childGoesOnWhenItsOwnerDiesAndTheParentHearsOfItsEnd() {
    String id = started();
    awaitStatus(id + "/x", ExecutionStatus.RUNNING);
    cluster.kill(CHILD);
    cluster.complete(OTHER, take(), "done");
    awaitStatus(id, ExecutionStatus.COMPLETED);
    assertThat(state(id).task("x").attempts()).hasSize(1);
  }

  @Test
  void parentWhoseOwnerDiesFindsTheChildThatEndedMeanwhile() {
    String id = started();
    Assignment task = take();
    cluster.kill(PARENT);
    cluster.complete(OTHER, task, "done");
    awaitStatus(id, ExecutionStatus.COMPLETED);
    assertThat(state(id).task("x").attempts()).hasSize(1);
  }

  @Test
  void nothingIsLostAndNothingDoubledWhenAMemberDiesInTheMiddleOfMany() {
    Map<String, Integer> given = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      cluster.start(i % 3, "parent", "many" + i, null);
    }
    cluster.kill(PARENT);
    await()
        .atMost(PATIENCE)
        .until(() -> {
          for (Assignment task : cluster.poll(OTHER, "worker", 10, Duration.ofSeconds(1))) {
            if (cluster.complete(OTHER, task, task.execution()) instanceof Outcome.Done) {
              given.merge(task.execution(), 1, Integer::sum);
            }
          }
          return find("many39").isPresent() && allEnded();
        });
    for (int i = 0; i < 40; i++) {
      ExecutionState parent = state("many" + i);
      assertThat(parent.status()).isEqualTo(ExecutionStatus.COMPLETED);
      assertThat(parent.task("x").attempts()).hasSize(1);
      assertThat(parent.task("x").output()).isEqualTo(Map.of("work", "many" + i + "/x"));
    }
    assertThat(given).hasSize(40).allSatisfy((child, times) -> assertThat(times).isEqualTo(1));
  }

  private boolean allEnded() {
    for (int i = 0; i < 40; i++) {
      if (!find("many" + i).map(state -> state.status().isEnded()).orElse(false)) {
        return false;
      }
    }
    return true;
  }

  /** Items of lists are far from one another: of nine some are on each member. */
  @Test
  void listWhoseOwnerDiesHasAnExecutionForEachItemAndItsOutput() {
    String id = cluster.idOwnedBy(PARENT);
    cluster.start(OTHER, "list", id, LongStream.range(0, 9).boxed().toList());
    List<Assignment> underWay = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .until(() -> {
          underWay.addAll(cluster.poll(OTHER, "worker", 6, Duration.ofMillis(200)));
          return underWay.size() == 6;
        });
    cluster.kill(PARENT);
    await()
        .atMost(PATIENCE)
        .until(() -> {
          underWay.forEach(task -> cluster.complete(OTHER, task, task.input()));
          underWay.clear();
          underWay.addAll(cluster.poll(OTHER, "worker", 6, Duration.ofMillis(200)));
          return find(id).filter(state -> state.status().isEnded()).isPresent();
        });
    ExecutionState list = state(id);
    assertThat(list.task("x").output())
        .isEqualTo(LongStream.range(0, 9).mapToObj(i -> Map.of("work", i)).toList());
    for (int i = 0; i < 9; i++) {
      assertThat(list.task("x[" + i + "]").attempts()).hasSize(1);
      assertThat(state(id + "/x." + i).status()).isEqualTo(ExecutionStatus.COMPLETED);
    }
  }

  @Test
  void pauseAndCancellationReachAllExecutionsOfAListWhoseOwnerDies() {
    String id = cluster.idOwnedBy(PARENT);
    cluster.start(OTHER, "list", id, LongStream.range(0, 6).boxed().toList());
    awaitAll(id, ExecutionStatus.RUNNING);
    cluster.submit(OTHER, id, new Command.PauseExecution("p1", PauseMode.IMMEDIATE, "ann", "why"));
    cluster.kill(PARENT);
    awaitAll(id, ExecutionStatus.PAUSED);
    awaitStatus(id, ExecutionStatus.PAUSED);
    cluster.submit(OTHER, id, new Command.ResumeExecution("r1", "ann", null, false));
    awaitAll(id, ExecutionStatus.RUNNING);
    cluster.submit(OTHER, id, new Command.CancelExecution("c1", "ann", null));
    awaitAll(id, ExecutionStatus.CANCELLED);
  }

  private void awaitAll(String list, ExecutionStatus status) {
    for (int i = 0; i < 6; i++) {
      awaitStatus(list + "/x." + i, status);
    }
  }

  @Test
  void cancellationReachesAChildWhoseOwnerDies() {
    String id = started();
    awaitStatus(id + "/x", ExecutionStatus.RUNNING);
    cluster.submit(OTHER, id, new Command.CancelExecution("c1", "ann", null));
    cluster.kill(CHILD);
    awaitStatus(id + "/x", ExecutionStatus.CANCELLED);
  }
}
