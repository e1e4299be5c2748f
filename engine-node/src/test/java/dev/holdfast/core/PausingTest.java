package dev.holdfast.core;

import static dev.holdfast.core.Given.T0;
import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.loseLease;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PausingTest {
  private static final Command GRACEFULLY = pause("p1", PauseMode.GRACEFUL);
  private static final Command AT_ONCE = pause("p2", PauseMode.IMMEDIATE);
  private static final PlanBuilder CHAIN = PlanBuilder.chain("a", "b");

  private static Event.PauseRequested requested(String commandId, PauseMode mode, Instant at) {
    return new Event.PauseRequested(
        commandId,
        mode,
        "ann",
        "a look",
        Duration.between(at, T0.plus(Limits.WORKFLOW_TIMEOUT)),
        at.plus(Limits.AUTO_RESUME_AFTER));
  }

  @Test
  void idleExecutionIsPausedAtOnce() {
    Given given =
        given(CHAIN)
            .after(Duration.ofHours(1))
            .when(GRACEFULLY)
            .then(
                requested("p1", PauseMode.GRACEFUL, T0.plus(Duration.ofHours(1))),
                new Event.ExecutionPaused());
    assertThat(given.state().pause())
        .isEqualTo(
            new Pause(
                PauseMode.GRACEFUL,
                "ann",
                "a look",
                T0.plus(Duration.ofHours(1)),
                Duration.ofHours(23),
                T0.plus(Duration.ofHours(25)),
                3,
                0,
                false));
    given.when(start("a", 1)).rejects(Code.WRONG_STATE, "PAUSED");
  }

  @Test
  void gracefulPauseWaitsForRunningAttempts() {
    Given given =
        given(CHAIN)
            .and(start("a", 1))
            .when(GRACEFULLY)
            .then(requested("p1", PauseMode.GRACEFUL, T0));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSING);
    given
        .when(complete("a", 1, "out"))
        .then(new Event.TaskCompleted("a", 1, "out"), new Event.ExecutionPaused());
    assertThat(given.task("b").status()).isEqualTo(TaskStatus.PENDING);
    given
        .when(resume("r1"))
        .then(
            new Event.ExecutionResumed("r1", "ann", null, false, T0.plus(Limits.WORKFLOW_TIMEOUT)),
            new Event.TaskReadied("b", null));
  }

  @Test
  void nothingStartsWhilePausing() {
    given(PlanBuilder.of("a", "b"))
        .and(start("a", 1), GRACEFULLY)
        .when(start("b", 1))
        .rejects(Code.WRONG_STATE, "PAUSING");
  }

  @Test
  void resultWhilePausingWritesVariables() {
    Given given =
        given(
                PlanBuilder.of()
                    .task("a", t -> t.set("v", Scope::output))
                    .task("b", t -> t.needs("a").input(s -> s.state().variables())))
            .and(start("a", 1), GRACEFULLY)
            .when(complete("a", 1, "out"))
            .then(
                new Event.TaskCompleted("a", 1, "out"),
                new Event.VariablesSet("a", Map.of("v", "out")),
                new Event.ExecutionPaused());
    given.and(resume("r1"));
    assertThat(given.task("b").input()).isEqualTo(Map.of("v", "out"));
  }

  @Test
  void lastResultWhilePausingPausesAndTheResumeCompletes() {
    given(PlanBuilder.of("a"))
        .and(start("a", 1), GRACEFULLY)
        .when(complete("a", 1, "out"))
        .then(new Event.TaskCompleted("a", 1, "out"), new Event.ExecutionPaused())
        .when(resume("r1"))
        .thenAmongOthers(new Event.ExecutionCompleted(Map.of("a", "out")));
  }

  @Test
  void failureWhilePausingFailsTheExecutionOnlyAfterTheResume() {
    var error = new TaskError("oops", "it went wrong");
    Given given =
        given(PlanBuilder.of("a", "b"))
            .and(start("a", 1), GRACEFULLY)
            .when(fail("a", 1, "oops"))
            .then(
                new Event.AttemptFailed("a", 1, AttemptOutcome.ERROR, error),
                new Event.TaskFailed("a", error),
                new Event.ExecutionPaused());
    assertThat(given.state().error()).isEqualTo(error);
    given
        .when(resume("r1"))
        .then(
            new Event.ExecutionResumed("r1", "ann", null, false, T0.plus(Limits.WORKFLOW_TIMEOUT)),
            new Event.TaskCancelled("b"),
            new Event.ExecutionFailed(error));
  }

  @Test
  void immediatePauseRevokesAndQueuesAgain() {
    Given given =
        given(CHAIN)
            .and(start("a", 1))
            .when(AT_ONCE)
            .then(
                requested("p2", PauseMode.IMMEDIATE, T0),
                new Event.AttemptFailed(
                    "a",
                    1,
                    AttemptOutcome.REVOKED,
                    new TaskError("revoked", "the execution was paused at once")),
                new Event.TaskRequeued("a"),
                new Event.ExecutionPaused());
    given.when(complete("a", 1, "late")).rejects(Code.STALE_ATTEMPT);
    assertThat(Effects.of(given.state(), given.events().subList(3, 7)))
        .containsExactly(
            new Effect.EndAttempt("a", given.task("a").attempts().getLast(), true),
            new Effect.WithdrawTasks(),
            new Effect.ArmTimer(T0.plus(Limits.AUTO_RESUME_AFTER)));
    given
        .and(resume("r1"), start("a", 2))
        .when(complete("a", 2, 1L))
        .thenAmongOthers(new Event.TaskCompleted("a", 2, 1L));
  }

  @Test
  void immediatePauseOvertakesAGracefulOne() {
    Given given =
        given(CHAIN)
            .and(start("a", 1), GRACEFULLY)
            .after(Duration.ofHours(2))
            .when(AT_ONCE)
            .thenAmongOthers(requested("p2", PauseMode.IMMEDIATE, T0), new Event.ExecutionPaused());
    assertThat(given.state().pause().at()).isEqualTo(T0);
  }

  @Test
  void pausingOnceMoreChangesNothing() {
    given(CHAIN)
        .and(start("a", 1), GRACEFULLY)
        .when(GRACEFULLY)
        .changesNothing()
        .when(pause("p3", PauseMode.GRACEFUL))
        .changesNothing()
        .and(complete("a", 1, null))
        .when(AT_ONCE)
        .changesNothing()
        .and(resume("r1"))
        .when(GRACEFULLY)
        .changesNothing()
        .when(resume("r1"))
        .changesNothing();
  }

  @Test
  void onlyWhatIsPausedIsResumed() {
    given(CHAIN)
        .when(resume("r1"))
        .rejects(Code.WRONG_STATE, "not paused")
        .and(cancel("c1"))
        .when(resume("r1"))
        .rejects(Code.WRONG_STATE)
        .when(GRACEFULLY)
        .rejects(Code.WRONG_STATE, "CANCELLED");
  }

  @Test
  void resumeWhilePausingGoesOn() {
    Given given = given(CHAIN).and(start("a", 1), GRACEFULLY, resume("r1"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.RUNNING);
    given.when(complete("a", 1, null)).thenAmongOthers(new Event.TaskReadied("b", null));
  }

  @Test
  void timePausedDoesNotCount() {
    Given given =
        given(PlanBuilder.chain("a", "b").timeout(Duration.ofHours(10)))
            .after(Duration.ofHours(4))
            .and(GRACEFULLY)
            .after(Duration.ofHours(20))
            .when(fireTimers())
            .changesNothing()
            .and(resume("r1"));
    assertThat(given.state().deadline()).isEqualTo(T0.plus(Duration.ofHours(30)));
    given
        .after(Duration.ofHours(6))
        .when(fireTimers())
        .thenAmongOthers(new Event.ExecutionTimedOut());
  }

  @Test
  void pauseEndsByItself() {
    Given given =
        given(CHAIN)
            .and(GRACEFULLY)
            .after(Limits.AUTO_RESUME_AFTER)
            .when(fireTimers())
            .then(
                new Event.ExecutionResumed(
                    null, "auto-resume", null, false, T0.plus(Duration.ofHours(48))));
    assertThat(Effects.of(given.state(), given.events().subList(4, 5)))
        .containsExactly(
            new Effect.OfferTask("a"), new Effect.ArmTimer(T0.plus(Duration.ofHours(48))));
  }

  @Test
  void lostLeaseWhilePausingIsQueuedAgainAndPauses() {
    given(CHAIN)
        .and(start("a", 1), GRACEFULLY)
        .when(loseLease("a", 1))
        .thenAmongOthers(new Event.TaskRequeued("a"), new Event.ExecutionPaused());
  }

  @Test
  void attemptTimesOutWhilePausing() {
    Given given =
        given(PlanBuilder.of().task("a", t -> t.retry(PlanBuilder.THRICE)))
            .and(start("a", 1), GRACEFULLY);
    assertThat(Timers.next(given.state())).contains(T0.plus(Limits.TASK_TIMEOUT));
    given
        .after(Limits.TASK_TIMEOUT)
        .when(fireTimers())
        .thenAmongOthers(
            new Event.TaskRetryScheduled("a", T0.plus(Limits.TASK_TIMEOUT).plusSeconds(1)),
            new Event.ExecutionPaused());
    assertThat(Timers.next(given.state())).contains(T0.plus(Limits.AUTO_RESUME_AFTER));
    given
        .after(Duration.ofHours(1))
        .when(resume("r1"))
        .thenAmongOthers(new Event.TaskRequeued("a"));
  }

  @Test
  void pausedExecutionIsCancelled() {
    given(CHAIN)
        .and(GRACEFULLY)
        .when(cancel("c1"))
        .then(
            new Event.CancelRequested("c1", "ann", null),
            new Event.TaskCancelled("a"),
            new Event.TaskCancelled("b"),
            new Event.ExecutionCancelled());
  }
}
