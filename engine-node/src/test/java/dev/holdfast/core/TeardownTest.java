package dev.holdfast.core;

import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Hook;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What comes before all tasks, and what comes after them. */
class TeardownTest {
  private static final Duration TEARDOWN = Duration.ofMinutes(10);
  private static final Instant UNTIL = Given.T0.plus(TEARDOWN);
  private static final TaskError OOPS = new TaskError("oops", "it went wrong");

  /** a, with what comes before and after it. */
  private static PlanBuilder both() {
    return PlanBuilder.of("a").setup().teardown();
  }

  private static Given tornDown() {
    return given(PlanBuilder.of("a").teardown());
  }

  @Test
  void nothingBeginsBeforeTheSetupHasCompleted() {
    Given given = given(both());
    assertThat(given.task("setup").status()).isEqualTo(TaskStatus.READY);
    assertThat(given.task("a").status()).isEqualTo(TaskStatus.PENDING);
    given
        .and(start("setup", 1))
        .when(complete("setup", 1, "box"))
        .then(new Event.TaskCompleted("setup", 1, "box"), new Event.TaskReadied("a", null));
  }

  @Test
  void whenTheSetupFailsNothingElseBeginsButTheTeardown() {
    Given given =
        given(
                PlanBuilder.of("a")
                    .task("clean", t -> t.needs("a").join(PlannedTask.Join.ALWAYS))
                    .setup()
                    .teardown())
            .and(start("setup", 1));
    given
        .when(fail("setup", 1, "oops"))
        .then(
            new Event.AttemptFailed("setup", 1, AttemptOutcome.ERROR, OOPS),
            new Event.TaskFailed("setup", OOPS),
            new Event.TaskCancelled("a"),
            new Event.TaskCancelled("clean"),
            new Event.TeardownBegan(ExecutionStatus.FAILED, null, OOPS, UNTIL),
            new Event.TaskReadied("teardown", null));
    given
        .and(start("teardown", 1))
        .when(complete("teardown", 1, null))
        .then(new Event.TaskCompleted("teardown", 1, null), new Event.ExecutionFailed(OOPS));
  }

  @Test
  void anExecutionHasNotEndedWhileItIsTornDown() {
    Given given = tornDown().and(start("a", 1));
    given
        .when(complete("a", 1, 1L))
        .then(
            new Event.TaskCompleted("a", 1, 1L),
            new Event.TeardownBegan(ExecutionStatus.COMPLETED, Map.of("a", 1L), null, UNTIL),
            new Event.TaskReadied("teardown", null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(given.state().closing()).isEqualTo(Closing.completed(Map.of("a", 1L)));
    assertThat(Timers.next(given.state())).contains(UNTIL);
    given
        .and(start("teardown", 1))
        .when(complete("teardown", 1, "parked"))
        .then(
            new Event.TaskCompleted("teardown", 1, "parked"),
            new Event.ExecutionCompleted(Map.of("a", 1L)));
    assertThat(given.state().closing()).isNull();
  }

  @Test
  void aTeardownThatFailsChangesNoOutcome() {
    Given given = tornDown().and(start("a", 1), complete("a", 1, 1L), start("teardown", 1));
    given
        .when(fail("teardown", 1, "oops"))
        .then(
            new Event.AttemptFailed("teardown", 1, AttemptOutcome.ERROR, OOPS),
            new Event.TaskFailed("teardown", OOPS),
            new Event.ExecutionCompleted(Map.of("a", 1L)));
    assertThat(given.state().error()).isNull();
    assertThat(given.task("teardown").error()).isEqualTo(OOPS);
  }

  @Test
  void aTeardownWhoseInputCannotBeMadeFails() {
    Given given =
        given(
            PlanBuilder.of("a")
                .hook(
                    Hook.TEARDOWN,
                    t ->
                        t.input(scope -> {
                          throw new ExpressionException("no");
                        })));
    given.and(start("a", 1), complete("a", 1, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(given.task("teardown").status()).isEqualTo(TaskStatus.FAILED);
  }

  @Test
  void aTeardownHasABoundedTimeForAllItsAttempts() {
    Given given =
        given(
            PlanBuilder.of("a")
                .hook(Hook.TEARDOWN, t -> t.timeout(TEARDOWN).retry(PlanBuilder.THRICE)));
    given
        .and(start("a", 1), complete("a", 1, 1L))
        .after(Duration.ofMinutes(6))
        .and(start("teardown", 1), fail("teardown", 1, "oops"))
        .after(Duration.ofMinutes(1))
        .and(fireTimers())
        .and(start("teardown", 2));
    assertThat(given.task("teardown").attempts().getLast().deadline()).isEqualTo(UNTIL);
    var late = new TaskError(ErrorTypes.TIMEOUT, "the teardown took longer than PT10M");
    given
        .after(Duration.ofMinutes(3))
        .when(fireTimers())
        .then(
            new Event.AttemptFailed("teardown", 2, AttemptOutcome.TIMED_OUT, late),
            new Event.TaskFailed("teardown", late),
            new Event.ExecutionCompleted(Map.of("a", 1L)));
  }

  @Test
  void aTeardownThatNobodyTakesIsGivenUp() {
    Given given = tornDown().and(start("a", 1), complete("a", 1, 1L)).after(TEARDOWN);
    given.and(fireTimers());
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(given.task("teardown").status()).isEqualTo(TaskStatus.FAILED);
  }

  @Test
  void aCancelledExecutionIsTornDownToo() {
    Given given = tornDown().and(start("a", 1));
    given
        .when(cancel("c1"))
        .thenAmongOthers(
            new Event.TaskCancelled("a"),
            new Event.TeardownBegan(ExecutionStatus.CANCELLED, null, null, UNTIL),
            new Event.TaskReadied("teardown", null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.CANCELLING);
    given.when(cancel("c2")).changesNothing();
    given.when(start("a", 2)).rejects(Code.WRONG_STATE);
    given.and(start("teardown", 1)).when(cancel("c3")).changesNothing();
    given
        .when(complete("teardown", 1, null))
        .then(new Event.TaskCompleted("teardown", 1, null), new Event.ExecutionCancelled());
  }

  @Test
  void aTeardownThatIsTriedAgainAfterACancellationIsHandedOutAgain() {
    Given given =
        given(PlanBuilder.of("a").hook(Hook.TEARDOWN, t -> t.retry(PlanBuilder.THRICE)))
            .and(cancel("c1"), start("teardown", 1), fail("teardown", 1, "oops"))
            .after(Duration.ofSeconds(1));
    given.when(fireTimers()).then(new Event.TaskRequeued("teardown"));
    assertThat(Effects.of(given.state(), given.events()))
        .contains(new Effect.OfferTask("teardown"));
  }

  @Test
  void whatIsBeingTornDownCannotBeCancelled() {
    tornDown()
        .and(start("a", 1), complete("a", 1, 1L))
        .when(cancel("c1"))
        .rejects(Code.WRONG_STATE, "it will be COMPLETED once what comes last has ended");
  }

  @Test
  void anExecutionThatTimedOutIsTornDownInATimeOfItsOwn() {
    Given given = tornDown().and(start("a", 1)).after(Limits.WORKFLOW_TIMEOUT);
    var late = new TaskError(ErrorTypes.WORKFLOW_TIMEOUT, "the execution ran longer than PT24H");
    given
        .when(fireTimers())
        .thenAmongOthers(
            new Event.TeardownBegan(
                ExecutionStatus.TIMED_OUT,
                null,
                late,
                Given.T0.plus(Limits.WORKFLOW_TIMEOUT).plus(TEARDOWN)));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.RUNNING);
    given
        .and(start("teardown", 1))
        .when(complete("teardown", 1, null))
        .then(new Event.TaskCompleted("teardown", 1, null), new Event.ExecutionTimedOut());
  }

  @Test
  void aPauseStopsTheTeardownAndItsClock() {
    Given given = tornDown().and(start("a", 1), complete("a", 1, 1L)).and(start("teardown", 1));
    given.and(pause("p1", PauseMode.IMMEDIATE));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
    given.when(start("teardown", 2)).rejects(Code.WRONG_STATE);
    given.after(Duration.ofHours(1)).and(resume("r1"));
    assertThat(given.state().deadline()).isEqualTo(UNTIL.plus(Duration.ofHours(1)));
    given.and(start("teardown", 2), complete("teardown", 2, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  @Test
  void aTeardownThatEndsDuringAPauseEndsTheExecutionAfterIt() {
    Given given =
        tornDown()
            .and(start("a", 1), complete("a", 1, 1L), start("teardown", 1))
            .and(pause("p1", PauseMode.GRACEFUL), complete("teardown", 1, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
    given.and(resume("r1"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  @Test
  void aRetrySetsUpAndTearsDownAnew() {
    Given given =
        given(PlanBuilder.chain("a", "b").setup().teardown())
            .and(start("setup", 1), complete("setup", 1, "box 1"))
            .and(start("a", 1), complete("a", 1, 1L), start("b", 1), fail("b", 1, "oops"))
            .and(start("teardown", 1), complete("teardown", 1, null));
    given
        .when(retry("t1", null))
        .then(
            new Event.ExecutionRetried(
                "t1",
                "ann",
                java.util.List.of("b", "setup", "teardown"),
                given.now().plus(Limits.WORKFLOW_TIMEOUT)),
            new Event.TaskReadied("setup", null));
    assertThat(given.task("b").status()).as("waits for the setup").isEqualTo(TaskStatus.PENDING);
    given.and(start("setup", 2), complete("setup", 2, "box 2"));
    assertThat(given.task("b").status()).isEqualTo(TaskStatus.READY);
    given
        .and(start("b", 2), complete("b", 2, 2L))
        .and(start("teardown", 2), complete("teardown", 2, null));
    assertThat(given.state().output()).isEqualTo(Map.of("b", 2L));
  }

  @Test
  void aTeardownCannotBeRetriedAlone() {
    given(PlanBuilder.of("a").teardown())
        .and(start("a", 1), fail("a", 1, "oops"))
        .and(start("teardown", 1), fail("teardown", 1, "oops"))
        .when(retry("t1", "teardown"))
        .rejects(Code.WRONG_STATE, "not what failed it");
  }

  @Test
  void itsAttemptsAreRecoveredLikeAnyOther() {
    Given given = tornDown().and(cancel("c1"));
    assertThat(Effects.recover(given.state())).contains(new Effect.OfferTask("teardown"));
  }
}
