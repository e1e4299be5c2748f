package dev.holdfast.core;

import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.nonce;
import static dev.holdfast.core.Given.start;
import static dev.holdfast.core.Given.startExecution;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.Rejection.Code;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SequenceTest {
  private static final PlanBuilder CHAIN = PlanBuilder.chain("a", "b", "c");

  @Test
  void firstTaskIsReadyAtTheStart() {
    Plan plan = CHAIN.build();
    Given.nothing(plan)
        .when(startExecution(plan))
        .then(
            new Event.ExecutionStarted(
                "plan",
                1,
                Map.of("n", 1L),
                Map.of(),
                Map.of(),
                null,
                5,
                Given.T0.plus(Limits.WORKFLOW_TIMEOUT),
                "digest",
                "ann"),
            new Event.TaskReadied("a", null));
  }

  @Test
  void resultReadiesTheNextTask() {
    given(CHAIN)
        .when(start("a", 1))
        .then(
            new Event.TaskStarted(
                "a", 1, nonce("a", 1), "worker", Given.T0.plus(Limits.TASK_TIMEOUT)))
        .when(complete("a", 1, "out"))
        .then(new Event.TaskCompleted("a", 1, "out"), new Event.TaskReadied("b", null));
  }

  @Test
  void lastResultCompletesTheExecution() {
    Given given =
        given(CHAIN)
            .and(start("a", 1), complete("a", 1, 1L), start("b", 1), complete("b", 1, 2L))
            .and(start("c", 1))
            .when(complete("c", 1, 3L))
            .then(
                new Event.TaskCompleted("c", 1, 3L), new Event.ExecutionCompleted(Map.of("c", 3L)));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(given.state().output()).isEqualTo(Map.of("c", 3L));
    assertThat(given.state().endedAt()).isEqualTo(Given.T0);
    assertThat(given.state().seq()).isEqualTo(given.events().size());
  }

  @Test
  void taskWithoutInputIsGivenTheExecutions() {
    assertThat(given(CHAIN).task("a").input()).isEqualTo(Map.of("n", 1L));
  }

  @Test
  void sameRequestAgainChangesNothing() {
    given(CHAIN).when(startExecution(CHAIN.build())).changesNothing();
  }

  @Test
  void otherRequestWithTheSameIdIsRefused() {
    Plan plan = CHAIN.build();
    given(plan)
        .when(
            new Command.StartExecution(
                plan, Given.KEY, null, Map.of(), null, 5, null, "other", "ann"))
        .rejects(Code.ID_CONFLICT, "another request");
  }

  @Test
  void effectsFollowTheTransition() {
    Given given = given(CHAIN);
    assertThat(Effects.of(given.state(), given.events()))
        .containsExactly(
            new Effect.OfferTask("a"), new Effect.ArmTimer(Given.T0.plus(Limits.WORKFLOW_TIMEOUT)));
    given.and(start("a", 1));
    Attempt running = given.task("a").attempts().getLast();
    assertThat(Effects.of(given.state(), given.events().subList(2, 3)))
        .containsExactly(
            new Effect.DeliverTask("a", running), new Effect.ArmTimer(running.deadline()));
    given.and(complete("a", 1, null));
    List<Event> last = given.events().subList(3, given.events().size());
    assertThat(Effects.of(given.state(), last))
        .containsExactly(
            new Effect.EndAttempt("a", given.task("a").attempts().getLast(), false),
            new Effect.OfferTask("b"));
  }
}
