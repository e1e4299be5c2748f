package dev.holdfast.core;

import static dev.holdfast.core.Given.T0;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.loseLease;
import static dev.holdfast.core.Given.nonce;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private static final TaskError WENT_WRONG = new TaskError("oops", "it went wrong");
  private static final PlanBuilder THRICE =
      PlanBuilder.of().task("a", task -> task.retry(PlanBuilder.THRICE));

  @Test
  void failedAttemptIsTriedAgainAfterItsBackOff() {
    Given given =
        given(THRICE)
            .and(start("a", 1))
            .when(fail("a", 1, "oops"))
            .then(
                new Event.AttemptFailed("a", 1, AttemptOutcome.ERROR, WENT_WRONG),
                new Event.TaskRetryScheduled("a", T0.plusSeconds(1)));
    assertThat(given.task("a").status()).isEqualTo(TaskStatus.RETRYING);
    given
        .after(Duration.ofMillis(999))
        .when(fireTimers())
        .changesNothing()
        .after(Duration.ofMillis(1))
        .when(fireTimers())
        .then(new Event.TaskRequeued("a"))
        .and(start("a", 2))
        .when(fail("a", 2, "oops"))
        .then(
            new Event.AttemptFailed("a", 2, AttemptOutcome.ERROR, WENT_WRONG),
            new Event.TaskRetryScheduled("a", T0.plusSeconds(3)));
  }

  @Test
  void lastAttemptFailsTheTask() {
    given(THRICE)
        .and(start("a", 1), fail("a", 1, "oops"))
        .after(Duration.ofSeconds(1))
        .and(fireTimers(), start("a", 2), fail("a", 2, "oops"))
        .after(Duration.ofSeconds(2))
        .and(fireTimers(), start("a", 3))
        .when(fail("a", 3, "oops"))
        .then(
            new Event.AttemptFailed("a", 3, AttemptOutcome.ERROR, WENT_WRONG),
            new Event.TaskFailed("a", WENT_WRONG),
            new Event.ExecutionFailed(WENT_WRONG));
  }

  @Test
  void nonRetryableTypeFailsTheTaskAtOnce() {
    var policy =
        new RetryPolicy(4, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0, Set.of("bad-input"));
    given(PlanBuilder.of().task("a", task -> task.retry(policy)))
        .and(start("a", 1))
        .when(fail("a", 1, "bad-input"))
        .thenAmongOthers(new Event.TaskFailed("a", new TaskError("bad-input", "it went wrong")));
  }

  @Test
  void workerMaySayThatAnotherAttemptIsOfNoUse() {
    given(THRICE)
        .and(start("a", 1))
        .when(new Command.FailTask("a", 1, nonce("a", 1), WENT_WRONG, false, null))
        .thenAmongOthers(new Event.TaskFailed("a", WENT_WRONG));
  }

  @Test
  void workerMaySayWhenToTryAgain() {
    given(THRICE)
        .and(start("a", 1))
        .when(new Command.FailTask("a", 1, nonce("a", 1), WENT_WRONG, true, Duration.ofMinutes(7)))
        .thenAmongOthers(new Event.TaskRetryScheduled("a", T0.plus(Duration.ofMinutes(7))));
    given(THRICE)
        .and(start("a", 1))
        .when(new Command.FailTask("a", 1, nonce("a", 1), WENT_WRONG, true, Duration.ZERO))
        .thenAmongOthers(new Event.TaskRequeued("a"));
    given(THRICE)
        .and(start("a", 1))
        .when(
            new Command.FailTask(
                "a", 1, nonce("a", 1), WENT_WRONG, true, Duration.ofDays(1_000_000)))
        .thenAmongOthers(new Event.TaskRetryScheduled("a", T0.plus(Limits.DURATION_MAX)));
  }

  @Test
  void lostLeaseIsQueuedAgainAndDoesNotCount() {
    Given given = given(PlanBuilder.of("a"));
    for (int i = 1; i <= Limits.LEASE_LOSSES_MAX; i++) {
      given
          .and(start("a", i))
          .when(loseLease("a", i))
          .then(
              new Event.AttemptFailed(
                  "a",
                  i,
                  AttemptOutcome.LEASE_LOST,
                  new TaskError("lease-lost", "worker worker disconnected")),
              new Event.TaskRequeued("a"));
    }
    assertThat(given.task("a").failures()).isZero();
    assertThat(given.task("a").attempts()).hasSize(Limits.ATTEMPTS_KEPT_MAX);
    int over = Limits.LEASE_LOSSES_MAX + 1;
    given.and(start("a", over)).and(loseLease("a", over));
    assertThat(given.task("a").status()).isEqualTo(TaskStatus.FAILED);
    assertThat(given.state().error().type()).isEqualTo("lease-lost");
    assertThat(given.state().error().message()).contains("LEASE_LOSSES_MAX");
    assertThat(given.task("a").attempts()).hasSize(Limits.ATTEMPTS_KEPT_MAX);
    assertThat(given.task("a").attempts().getFirst().number()).isEqualTo(2);
  }

  @Test
  void leaseOfAnAttemptThatHasEndedCannotBeLost() {
    given(THRICE).and(start("a", 1), fail("a", 1, "oops")).when(loseLease("a", 1)).changesNothing();
  }

  @Test
  void repeatedReportsChangeNothing() {
    given(PlanBuilder.chain("a", "b"))
        .and(start("a", 1))
        .when(start("a", 1))
        .changesNothing()
        .and(complete("a", 1, "out"))
        .when(complete("a", 1, "out"))
        .changesNothing();
    given(THRICE)
        .and(start("a", 1), fail("a", 1, "oops"))
        .when(fail("a", 1, "oops"))
        .changesNothing();
  }

  @Test
  void reportsOfAnotherAttemptAreStale() {
    Given given = given(THRICE).and(start("a", 1));
    given
        .when(new Command.CompleteTask("a", 1, 4711, "out"))
        .rejects(Code.STALE_ATTEMPT)
        .when(complete("a", 2, "out"))
        .rejects(Code.STALE_ATTEMPT)
        .when(new Command.FailTask("a", 1, 4711, WENT_WRONG, true, null))
        .rejects(Code.STALE_ATTEMPT)
        .and(fail("a", 1, "oops"))
        .when(complete("a", 1, "out"))
        .rejects(Code.STALE_ATTEMPT, "RETRYING")
        .after(Duration.ofSeconds(1))
        .and(fireTimers(), start("a", 2), complete("a", 2, "out"))
        .when(fail("a", 2, "oops"))
        .rejects(Code.STALE_ATTEMPT, "COMPLETED");
  }

  @Test
  void resultAfterALostLeaseIsStale() {
    given(THRICE)
        .and(start("a", 1), loseLease("a", 1), start("a", 2))
        .when(complete("a", 1, "late"))
        .rejects(Code.STALE_ATTEMPT)
        .when(complete("a", 2, "good"))
        .thenAmongOthers(new Event.TaskCompleted("a", 2, "good"));
  }

  @Test
  void unknownTasksAreNamed() {
    Given given = given(THRICE);
    given.when(start("x", 1)).rejects(Code.TASK_NOT_FOUND, "'x'");
    given.when(complete("x", 1, null)).rejects(Code.TASK_NOT_FOUND);
    given.when(fail("x", 1, "oops")).rejects(Code.TASK_NOT_FOUND);
    given.when(loseLease("x", 1)).rejects(Code.TASK_NOT_FOUND);
  }

  @Test
  void onlyAReadyTaskStarts() {
    given(PlanBuilder.chain("a", "b"))
        .when(start("b", 1))
        .rejects(Code.TASK_NOT_READY, "PENDING")
        .and(start("a", 1))
        .when(start("a", 2))
        .rejects(Code.TASK_NOT_READY, "RUNNING");
  }

  @Test
  void attemptTimesOut() {
    var timedOut = new TaskError("timeout", "attempt 1 ran longer than PT10S");
    given(
            PlanBuilder.of()
                .task("a", t -> t.timeout(Duration.ofSeconds(10)).retry(PlanBuilder.THRICE)))
        .and(start("a", 1))
        .after(Duration.ofSeconds(10))
        .when(fireTimers())
        .then(
            new Event.AttemptFailed("a", 1, AttemptOutcome.TIMED_OUT, timedOut),
            new Event.TaskRetryScheduled("a", T0.plusSeconds(11)))
        .when(complete("a", 1, "late"))
        .rejects(Code.STALE_ATTEMPT);
  }

  @Test
  void resultBeforeTheTimerFiredIsTaken() {
    given(PlanBuilder.of().task("a", t -> t.timeout(Duration.ofSeconds(10))))
        .and(start("a", 1))
        .after(Duration.ofSeconds(11))
        .when(complete("a", 1, "in time enough"))
        .thenAmongOthers(new Event.TaskCompleted("a", 1, "in time enough"));
  }

  @Test
  void clockThatIsSetBackDoesNotTurnTimeBack() {
    Given given =
        given(PlanBuilder.chain("a", "b"))
            .after(Duration.ofSeconds(10))
            .and(start("a", 1))
            .after(Duration.ofHours(-1))
            .and(complete("a", 1, null), start("b", 1));
    assertThat(given.state().updatedAt()).isEqualTo(T0.plusSeconds(10));
    assertThat(given.task("b").attempts().getLast().startedAt()).isEqualTo(T0.plusSeconds(10));
  }

  @Test
  void executionThatDoesNotExistTakesNothing() {
    Plan plan = THRICE.build();
    Given.nothing(plan).when(start("a", 1)).rejects(Code.EXECUTION_NOT_FOUND);
    Given.nothing(plan).when(fireTimers()).rejects(Code.EXECUTION_NOT_FOUND);
  }

  @Test
  void tooLongErrorsAreCut() {
    var error = new TaskError("oops", "x".repeat(Limits.ERROR_CHARS_MAX + 1), "y".repeat(20_000));
    Given given =
        given(THRICE)
            .and(start("a", 1))
            .and(new Command.FailTask("a", 1, nonce("a", 1), error, false, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(given.state().error().message())
        .hasSizeLessThan(Limits.ERROR_CHARS_MAX + 100)
        .endsWith("(details of 20002 bytes left out)");
    assertThat(given.state().error().details()).isNull();
  }
}
