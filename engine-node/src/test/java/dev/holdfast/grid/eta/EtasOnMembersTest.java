package dev.holdfast.grid.eta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionView.Eta;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.grid.TestMember;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What some members have learned is told by the others, until those that learned it are gone. */
class EtasOnMembersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ASKED = 0;
  private static final int LEARNED_MUCH = 1;
  private static final int LEARNED_LITTLE = 2;

  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = new TestCluster(3);
    cluster.register("timed", "{name: timed, tasks: {only: {agent: worker, heartbeat: 3s}}}");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private String begin(int owner) {
    String id = cluster.idOwnedBy(owner);
    assertThat(cluster.start(owner, "timed", id, null)).isInstanceOf(Outcome.Done.class);
    return id;
  }

  private Assignment take() {
    List<Assignment> tasks = cluster.poll(ASKED, "worker", 1, Duration.ofSeconds(20));
    assertThat(tasks).hasSize(1);
    return tasks.getFirst();
  }

  /** So many executions of that member's complete, by way of another one. */
  private void learn(int owner, int times) {
    for (int i = 0; i < times; i++) {
      String id = begin(owner);
      Assignment task = take();
      assertThat(task.execution()).isEqualTo(id);
      assertThat(cluster.complete(ASKED, task, "done")).isInstanceOf(Outcome.Done.class);
    }
  }

  private @Nullable Eta eta(String id) {
    ExecutionState state = cluster.member(ASKED).find(TestMember.key(id)).orElseThrow();
    return cluster.member(ASKED).eta(state);
  }

  /** What was told is kept for some seconds, so it may be told once more. */
  private void awaitBasis(String id, String basis) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(eta(id)).isNotNull().extracting(Eta::basis).isEqualTo(basis));
  }

  @Test
  void samplesOfAllMembersCountUntilAMemberIsGone() {
    learn(LEARNED_MUCH, 5);
    learn(LEARNED_LITTLE, 2);
    String running = begin(LEARNED_MUCH);
    awaitBasis(running, "7 samples");
    cluster.kill(LEARNED_MUCH);
    cluster.awaitOpen(2);
    // The execution has another owner; what was learned where it was is gone, and is not guessed.
    awaitBasis(running, "2 samples");
    cluster.complete(ASKED, take(), "done");
    awaitBasis(begin(ASKED), "3 samples");
  }

  @Test
  void whereTheOnlyOneThatLearnedIsGoneThereIsNoneUntilItIsLearnedAnew() {
    learn(LEARNED_MUCH, 3);
    String running = begin(LEARNED_LITTLE);
    awaitBasis(running, "3 samples");
    cluster.kill(LEARNED_MUCH);
    cluster.awaitOpen(2);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(eta(running)).isNull());
    Assignment task = take();
    String next = begin(ASKED);
    cluster.complete(ASKED, task, "done");
    awaitBasis(next, "1 sample");
  }
}
