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
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.Rejection.Code;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What was done is undone when a task fails that says so. */
class SagaTest {
  private static final TaskError OOPS = new TaskError("oops", "it went wrong");

  /** a and b, which can be undone, and last, with whose failure they are. */
  private static PlanBuilder trip() {
    return PlanBuilder.of()
        .task("a", t -> t.compensate())
        .task("b", t -> t.compensate())
        .task("plain", t -> t)
        .task("last", t -> t.needs("a", "b", "plain").onFailure(OnFailure.COMPENSATE));
  }

  /** b has completed before a; last runs. */
  private static Given underWay(PlanBuilder plan) {
    return given(plan)
        .and(start("b", 1), complete("b", 1, "B"), start("a", 1), complete("a", 1, "A"))
        .and(start("plain", 1), complete("plain", 1, null), start("last", 1));
  }

  @Test
  void whatCompletedLastIsUndoneFirst() {
    Given given = underWay(trip());
    given
        .when(fail("last", 1, "oops"))
        .then(
            new Event.AttemptFailed("last", 1, AttemptOutcome.ERROR, OOPS),
            new Event.TaskFailed("last", OOPS),
            new Event.CompensationBegan(
                List.of("a", "b"), OOPS, Given.T0.plus(Limits.WORKFLOW_TIMEOUT)),
            new Event.TaskReadied("a.compensate", "A"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(given.task("b.compensate").status()).isEqualTo(TaskStatus.PENDING);
    given
        .and(start("a.compensate", 1))
        .when(complete("a.compensate", 1, null))
        .then(
            new Event.TaskCompleted("a.compensate", 1, null),
            new Event.TaskReadied("b.compensate", "B"));
    given
        .and(start("b.compensate", 1))
        .when(complete("b.compensate", 1, null))
        .then(new Event.TaskCompleted("b.compensate", 1, null), new Event.ExecutionFailed(OOPS));
    assertThat(given.task("a").status()).as("what was undone").isEqualTo(TaskStatus.COMPLETED);
  }

  @Test
  void whatCannotBeUndoneIsNamedAndTheOthersAreUndone() {
    Given given = underWay(trip()).and(fail("last", 1, "oops"));
    given
        .and(start("a.compensate", 1))
        .when(fail("a.compensate", 1, "closed"))
        .thenAmongOthers(new Event.TaskReadied("b.compensate", "B"));
    given.and(start("b.compensate", 1), complete("b.compensate", 1, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(given.state().error())
        .isEqualTo(new TaskError("oops", "it went wrong; left undone: a (closed: it went wrong)"));
  }

  @Test
  void aCompensationIsTriedAgain() {
    Given given =
        given(
                PlanBuilder.of()
                    .task("a", t -> t.compensate(undo -> undo.retry(PlanBuilder.THRICE)))
                    .task("last", t -> t.needs("a").onFailure(OnFailure.COMPENSATE)))
            .and(start("a", 1), complete("a", 1, "A"), start("last", 1), fail("last", 1, "oops"))
            .and(start("a.compensate", 1), fail("a.compensate", 1, "closed"))
            .after(java.time.Duration.ofSeconds(1));
    given.when(fireTimers()).then(new Event.TaskRequeued("a.compensate"));
    given.and(start("a.compensate", 2), complete("a.compensate", 2, null));
    assertThat(given.state().error()).isEqualTo(OOPS);
  }

  @Test
  void aFailureThatDoesNotAskForItUndoesNothing() {
    Given given =
        given(trip().task("other", t -> t))
            .and(start("a", 1), complete("a", 1, "A"), start("other", 1));
    given.and(fail("other", 1, "oops"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(given.state().plan().has("a.compensate")).isFalse();
  }

  @Test
  void whereNothingCompletedThereIsNothingToUndo() {
    Given given =
        given(PlanBuilder.of().task("a", t -> t.compensate().onFailure(OnFailure.COMPENSATE)))
            .and(start("a", 1), fail("a", 1, "oops"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void eachItemOfAListIsUndone() {
    Given given =
        given(
                PlanBuilder.of()
                    .task("list", t -> t.forEach(s -> List.of("x", "y")).compensate())
                    .task("last", t -> t.needs("list").onFailure(OnFailure.COMPENSATE)))
            .and(start("list[0]", 1), start("list[1]", 1))
            .and(complete("list[1]", 1, "Y"), complete("list[0]", 1, "X"), start("last", 1));
    given
        .when(fail("last", 1, "oops"))
        .thenAmongOthers(
            new Event.CompensationBegan(
                List.of("list[0]", "list[1]"), OOPS, Given.T0.plus(Limits.WORKFLOW_TIMEOUT)),
            new Event.TaskReadied("list[0].compensate", "X"));
  }

  @Test
  void theTeardownComesAfterIt() {
    Given given = underWay(trip().teardown()).and(fail("last", 1, "oops"));
    assertThat(given.task("teardown").status()).isEqualTo(TaskStatus.PENDING);
    given.and(start("a.compensate", 1), fail("a.compensate", 1, "closed"));
    given.and(start("b.compensate", 1), complete("b.compensate", 1, null));
    assertThat(given.task("teardown").status()).isEqualTo(TaskStatus.READY);
    given.and(start("teardown", 1), complete("teardown", 1, null));
    assertThat(Objects.requireNonNull(given.state().error()).message()).contains("left undone: a");
  }

  @Test
  void undoingHasTheWorkflowsTimeAnew() {
    Given given = underWay(trip()).after(java.time.Duration.ofHours(23));
    given.and(fail("last", 1, "oops"), start("a.compensate", 1));
    given.after(java.time.Duration.ofHours(23).plusMinutes(30));
    given.and(fireTimers());
    assertThat(given.state().status())
        .as("the attempt's time is up")
        .isEqualTo(ExecutionStatus.RUNNING);
    given.and(start("b.compensate", 1)).after(java.time.Duration.ofMinutes(30));
    given.and(fireTimers());
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(Objects.requireNonNull(given.state().error()).message())
        .contains("b (timeout: undoing took longer than PT24H)");
  }

  @Test
  void whatIsBeingUndoneCanBePausedAndNotCancelled() {
    Given given = underWay(trip()).and(fail("last", 1, "oops"), start("a.compensate", 1));
    given.when(cancel("c1")).rejects(Code.WRONG_STATE, "FAILED");
    given.and(pause("p1", PauseMode.GRACEFUL), complete("a.compensate", 1, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
    given.when(resume("r1")).thenAmongOthers(new Event.TaskReadied("b.compensate", "B"));
  }

  @Test
  void whatWasUndoneCannotBeRetried() {
    Given given = underWay(trip()).and(fail("last", 1, "oops"));
    given.and(start("a.compensate", 1), complete("a.compensate", 1, null));
    given.and(start("b.compensate", 1), complete("b.compensate", 1, null));
    given.when(retry("t1", null)).rejects(Code.WRONG_STATE, "was undone");
  }

  @Test
  void aRetryForgetsWhatBeginsAnew() {
    Given given =
        given(
                PlanBuilder.of("first")
                    .task("a", t -> t.needs("first").compensate())
                    .task("b", t -> t.needs("a").compensate()))
            .and(start("first", 1), complete("first", 1, null))
            .and(start("a", 1), complete("a", 1, "A"), start("b", 1), fail("b", 1, "oops"));
    assertThat(given.state().undoable()).containsExactly("a");
    given.and(retry("t1", null), start("b", 2), complete("b", 2, "B"));
    assertThat(given.state().undoable()).containsExactly("a", "b");
  }
}
