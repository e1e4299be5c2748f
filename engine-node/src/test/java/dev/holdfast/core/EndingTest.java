package dev.holdfast.core;

import static dev.holdfast.core.Given.T0;
import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndingTest {
  private static final TaskError OOPS = new TaskError("oops", "it went wrong");

  private static TaskError revoked(String why) {
    return new TaskError("revoked", why);
  }

  @Test
  void cancellationEndsEverythingAtOnce() {
    Given given =
        given(PlanBuilder.of("a", "b").task("c", t -> t.needs("a").join(Join.ALWAYS)))
            .and(start("a", 1))
            .when(cancel("c1"))
            .then(
                new Event.CancelRequested("c1", "ann", null),
                new Event.AttemptFailed(
                    "a", 1, AttemptOutcome.REVOKED, revoked("the execution was cancelled")),
                new Event.TaskCancelled("a"),
                new Event.TaskCancelled("b"),
                new Event.TaskCancelled("c"),
                new Event.ExecutionCancelled());
    given
        .when(cancel("c1"))
        .changesNothing()
        .when(cancel("c2"))
        .changesNothing()
        .when(complete("a", 1, "late"))
        .rejects(Code.STALE_ATTEMPT)
        .when(fireTimers())
        .changesNothing();
    assertThat(Effects.of(given.state(), given.events().subList(4, given.events().size())))
        .containsExactly(
            new Effect.EndAttempt("a", given.task("a").attempts().getLast(), true),
            new Effect.WithdrawTasks(),
            new Effect.EndExecution());
  }

  @Test
  void cancellationOfWhatHasEndedIsRefused() {
    given(PlanBuilder.of("a"))
        .and(start("a", 1), complete("a", 1, null))
        .when(cancel("c1"))
        .rejects(Code.WRONG_STATE, "COMPLETED");
  }

  @Test
  void executionTimesOut() {
    Given given =
        given(PlanBuilder.of("a", "b").timeout(Duration.ofHours(1)))
            .and(start("a", 1))
            .after(Duration.ofHours(1))
            .when(fireTimers())
            .then(
                new Event.AttemptFailed(
                    "a", 1, AttemptOutcome.REVOKED, revoked("the execution timed out")),
                new Event.TaskCancelled("a"),
                new Event.TaskCancelled("b"),
                new Event.ExecutionTimedOut());
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.TIMED_OUT);
    assertThat(given.state().error())
        .isEqualTo(new TaskError("workflow-timeout", "the execution ran longer than PT1H"));
  }

  @Test
  void timeOutOfTheRequestGoesBeforeTheDefinitions() {
    Plan plan = PlanBuilder.of("a").build();
    Given given =
        Given.nothing(plan)
            .and(
                new Command.StartExecution(
                    plan, Given.KEY, null, Map.of(), null, 5, Duration.ofMinutes(5), "d", "ann"));
    assertThat(given.state().deadline()).isEqualTo(T0.plus(Duration.ofMinutes(5)));
    assertThat(given.state().header().timeout()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void failureCancelsTheOthersButWhatRunsAlways() {
    Given given =
        given(
                PlanBuilder.of("a", "b", "ready")
                    .task("after", t -> t.needs("a"))
                    .task("clean", t -> t.needs("b", "after").join(Join.ALWAYS))
                    .task("afterClean", t -> t.needs("clean")))
            .and(start("a", 1), start("b", 1))
            .when(fail("a", 1, "oops"))
            .then(
                new Event.AttemptFailed("a", 1, AttemptOutcome.ERROR, OOPS),
                new Event.TaskFailed("a", OOPS),
                new Event.AttemptFailed(
                    "b", 1, AttemptOutcome.REVOKED, revoked("another task failed the execution")),
                new Event.TaskCancelled("b"),
                new Event.TaskCancelled("ready"),
                new Event.TaskCancelled("after"),
                new Event.TaskCancelled("afterClean"),
                new Event.TaskReadied("clean", null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.RUNNING);
    List<Event> last = given.events().subList(6, given.events().size());
    assertThat(Effects.of(given.state(), last))
        .containsSubsequence(new Effect.WithdrawTasks(), new Effect.OfferTask("clean"));
    given
        .and(start("clean", 1))
        .when(complete("clean", 1, null))
        .then(new Event.TaskCompleted("clean", 1, null), new Event.ExecutionFailed(OOPS));
  }

  @Test
  void failureOfWhatRunsAlwaysDoesNotMaskTheFirst() {
    given(PlanBuilder.of("a").task("clean", t -> t.needs("a").join(Join.ALWAYS)))
        .and(start("a", 1), fail("a", 1, "oops"), start("clean", 1))
        .when(fail("clean", 1, "worse"))
        .thenAmongOthers(
            new Event.TaskFailed("clean", new TaskError("worse", "it went wrong")),
            new Event.ExecutionFailed(OOPS));
    given(
            PlanBuilder.of("a")
                .task(
                    "clean",
                    t ->
                        t.needs("a")
                            .join(Join.ALWAYS)
                            .input(s -> {
                              throw new ExpressionException("nothing there");
                            })))
        .and(start("a", 1))
        .when(fail("a", 1, "oops"))
        .thenAmongOthers(new Event.ExecutionFailed(OOPS));
  }

  @Test
  void manyFailuresInARowAreNoDeepRecursion() {
    var plan = PlanBuilder.of("a");
    for (int i = 0; i < 999; i++) {
      plan.task(
          "clean" + i,
          t ->
              t.needs("a")
                  .join(Join.ALWAYS)
                  .when(
                      "broken",
                      s -> {
                        throw new ExpressionException("nothing there");
                      }));
    }
    Given given = given(plan).and(start("a", 1), fail("a", 1, "oops"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(given.state().error()).isEqualTo(OOPS);
  }

  @Test
  void toleratedFailureCountsAsSkipped() {
    Given given =
        given(
                PlanBuilder.of("b")
                    .task("a", t -> t.onFailure(OnFailure.CONTINUE))
                    .task("any", t -> t.needs("a", "b"))
                    .task("all", t -> t.needs("a", "b").join(Join.ALL))
                    .task("only", t -> t.needs("a")))
            .and(start("a", 1), start("b", 1), fail("a", 1, "oops"))
            .when(complete("b", 1, null))
            .then(
                new Event.TaskCompleted("b", 1, null),
                new Event.TaskReadied("any", null),
                new Event.TaskSkipped("all", "not every task that it needs completed"));
    assertThat(given.task("only").status()).isEqualTo(TaskStatus.SKIPPED);
    assertThat(given.task("a").error()).isEqualTo(OOPS);
    given
        .and(start("any", 1))
        .when(complete("any", 1, 1L))
        .thenAmongOthers(new Event.ExecutionCompleted(Map.of("any", 1L)));
  }

  @Test
  void outputIsWhatTheDefinitionSays() {
    given(PlanBuilder.of("a").output(s -> s.state().task("a").output()))
        .and(start("a", 1))
        .when(complete("a", 1, 42L))
        .then(new Event.TaskCompleted("a", 1, 42L), new Event.ExecutionCompleted(42L));
  }

  @Test
  void outputThatDoesNotFitItsSchemaFailsTheExecution() {
    var error = new TaskError("output-schema", "the output does not fit its schema: $: too small");
    given(PlanBuilder.of("a").outputSchema(value -> List.of("$: too small")))
        .and(start("a", 1))
        .when(complete("a", 1, 42L))
        .then(new Event.TaskCompleted("a", 1, 42L), new Event.ExecutionFailed(error))
        .when(retry("t1", null))
        .rejects(Code.WRONG_STATE, "its output did");
  }

  @Test
  void retryRunsWhatFailedAndWhatFollows() {
    Given given =
        given(
                PlanBuilder.of("done")
                    .task("a", t -> t.needs("done"))
                    .task("b", t -> t.needs("done"))
                    .task("after", t -> t.needs("a", "b"))
                    .task("clean", t -> t.needs("after").join(Join.ALWAYS))
                    .timeout(Duration.ofHours(5)))
            .and(start("done", 1), complete("done", 1, 1L), start("a", 1), fail("a", 1, "oops"))
            .and(start("clean", 1), complete("clean", 1, "cleaned"))
            .after(Duration.ofHours(7));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    given
        .when(retry("t1", null))
        .then(
            new Event.ExecutionRetried(
                "t1", "ann", List.of("a", "b", "after", "clean"), T0.plus(Duration.ofHours(12))),
            new Event.TaskReadied("a", null),
            new Event.TaskReadied("b", null))
        .when(retry("t1", null))
        .changesNothing()
        .when(retry("t2", null))
        .rejects(Code.WRONG_STATE);
    assertThat(given.state().error()).isNull();
    assertThat(given.state().endedAt()).isNull();
    assertThat(given.task("a").failures()).isZero();
    given
        .when(start("a", 1))
        .then(
            new Event.TaskStarted(
                "a",
                2,
                Given.nonce("a", 1),
                "worker",
                T0.plus(Duration.ofHours(7)).plus(Limits.TASK_TIMEOUT)));
  }

  @Test
  void retryOfOneTaskLeavesTheOthersFailed() {
    Given given =
        given(
                PlanBuilder.of("first")
                    .task("a", t -> t.needs("first").join(Join.ALWAYS))
                    .task("b", t -> t.needs("first").join(Join.ALWAYS))
                    .task("afterA", t -> t.needs("a"))
                    .task("afterB", t -> t.needs("b")))
            .and(start("first", 1), complete("first", 1, null), start("a", 1), start("b", 1))
            .and(fail("a", 1, "oops"), fail("b", 1, "worse"));
    given
        .when(retry("t1", "nobody"))
        .rejects(Code.TASK_NOT_FOUND)
        .when(retry("t1", "first"))
        .rejects(Code.WRONG_STATE, "not FAILED")
        .when(retry("t1", "a"))
        .then(
            new Event.ExecutionRetried(
                "t1", "ann", List.of("a", "afterA", "afterB"), T0.plus(Limits.WORKFLOW_TIMEOUT)),
            new Event.TaskReadied("a", null),
            new Event.TaskCancelled("afterB"))
        .and(new Command.StartTask("a", 5, "worker"), new Command.CompleteTask("a", 2, 5, 1L))
        .and(start("afterA", 1))
        .when(complete("afterA", 1, 2L))
        .thenAmongOthers(new Event.ExecutionFailed(new TaskError("worse", "it went wrong")));
    given.when(retry("t2", "b")).thenAmongOthers(new Event.TaskReadied("b", null));
  }

  @Test
  void onlyAFailedExecutionIsRetried() {
    given(PlanBuilder.of("a"))
        .when(retry("t1", null))
        .rejects(Code.WRONG_STATE, "RUNNING")
        .and(cancel("c1"))
        .when(retry("t1", null))
        .rejects(Code.WRONG_STATE, "CANCELLED");
  }
}
