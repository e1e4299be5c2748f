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
import org.junit.jupiter.api.Test;

/** What a definition wants done at a pause and at a resume. */
class PauseHooksTest {
  private static final TaskError OOPS = new TaskError("oops", "it went wrong");

  /** a runs, b is ready. */
  private static Given begun() {
    return given(PlanBuilder.of("a", "b").onPause().onResume()).and(start("a", 1));
  }

  private static Given parked() {
    return begun()
        .and(pause("p1", PauseMode.IMMEDIATE))
        .and(start("onPause", 1), complete("onPause", 1, null));
  }

  @Test
  void theyAreNoTasksOfAnExecutionThatIsNeverPaused() {
    Given given = given(PlanBuilder.of("a").onPause().onResume()).and(start("a", 1));
    given.and(complete("a", 1, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(given.state().plan().has("onPause")).isFalse();
  }

  @Test
  void anExecutionIsPausedOnceWhatThePauseAsksForHasEnded() {
    Given given = begun().and(pause("p1", PauseMode.GRACEFUL));
    given
        .when(complete("a", 1, 1L))
        .then(
            new Event.TaskCompleted("a", 1, 1L),
            new Event.HookBegan("onPause"),
            new Event.TaskReadied("onPause", null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSING);
    assertThat(Effects.of(given.state(), given.events())).contains(new Effect.OfferTask("onPause"));
    given.when(start("b", 1)).rejects(Code.WRONG_STATE);
    given
        .and(start("onPause", 1))
        .when(complete("onPause", 1, null))
        .then(new Event.TaskCompleted("onPause", 1, null), new Event.ExecutionPaused());
  }

  @Test
  void itsFailureStopsNoPause() {
    Given given = begun().and(pause("p1", PauseMode.IMMEDIATE), start("onPause", 1));
    given
        .when(fail("onPause", 1, "oops"))
        .then(
            new Event.AttemptFailed("onPause", 1, AttemptOutcome.ERROR, OOPS),
            new Event.TaskFailed("onPause", OOPS),
            new Event.ExecutionPaused());
    assertThat(given.state().error()).isNull();
  }

  @Test
  void itIsTriedAgainDuringThePause() {
    Given given =
        given(PlanBuilder.of("a").hook(Hook.ON_PAUSE, t -> t.retry(PlanBuilder.THRICE)))
            .and(pause("p1", PauseMode.GRACEFUL), start("onPause", 1), fail("onPause", 1, "oops"));
    assertThat(Timers.next(given.state())).contains(Given.T0.plusSeconds(1));
    given.after(Duration.ofSeconds(1)).when(fireTimers()).then(new Event.TaskRequeued("onPause"));
    given.and(start("onPause", 2), complete("onPause", 2, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
  }

  @Test
  void anImmediatePauseDoesNotWaitForItAnyLonger() {
    Given given = begun().and(pause("p1", PauseMode.GRACEFUL), complete("a", 1, null));
    given.and(pause("p2", PauseMode.IMMEDIATE));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(given.task("onPause").status()).isEqualTo(TaskStatus.CANCELLED);
  }

  @Test
  void nothingIsHandedOutBeforeWhatTheResumeAsksForHasCompleted() {
    Given given = parked();
    given
        .when(resume("r1"))
        .then(
            new Event.ExecutionResumed(
                "r1", "ann", null, false, Given.T0.plus(Limits.WORKFLOW_TIMEOUT)),
            new Event.HookBegan("onResume"),
            new Event.TaskReadied("onResume", null));
    assertThat(Effects.recover(given.state()))
        .contains(new Effect.OfferTask("onResume"))
        .doesNotContain(new Effect.OfferTask("b"));
    given.when(start("b", 1)).rejects(Code.WRONG_STATE);
    given.and(start("onResume", 1));
    var done = new Event.TaskCompleted("onResume", 1, null);
    given.when(complete("onResume", 1, null)).then(done);
    assertThat(Effects.of(given.state(), java.util.List.of(done)))
        .contains(new Effect.OfferTask("a"), new Effect.OfferTask("b"));
  }

  @Test
  void whenItFailsTheExecutionDoes() {
    Given given =
        given(
                PlanBuilder.of("a")
                    .task("clean", t -> t.needs("a").join(PlannedTask.Join.ALWAYS))
                    .onResume())
            .and(pause("p1", PauseMode.GRACEFUL), resume("r1"), start("onResume", 1));
    given.and(fail("onResume", 1, "oops"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(given.state().error()).isEqualTo(OOPS);
    given.and(retry("t1", null));
    assertThat(given.task("onResume").status()).isEqualTo(TaskStatus.READY);
    given.when(start("a", 1)).rejects(Code.WRONG_STATE);
  }

  @Test
  void setupGoesBeforeItWhenBothAreDoneAnew() {
    Given given =
        given(PlanBuilder.of("a").setup().onResume())
            .and(start("setup", 1), complete("setup", 1, null))
            .and(pause("p1", PauseMode.GRACEFUL), resume("r1"), start("onResume", 1))
            .and(fail("onResume", 1, "oops"), retry("t1", null));
    assertThat(given.task("setup").status()).isEqualTo(TaskStatus.READY);
    assertThat(given.task("onResume").status()).isEqualTo(TaskStatus.PENDING);
    assertThat(Effects.recover(given.state())).contains(new Effect.OfferTask("setup"));
    given.and(start("setup", 2), complete("setup", 2, null));
    given.when(start("a", 1)).rejects(Code.WRONG_STATE);
    given.and(start("onResume", 2), complete("onResume", 2, null), start("a", 1));
  }

  @Test
  void aResumeBeforeAnythingWasReleasedAcquiresNothing() {
    Given given = begun().and(pause("p1", PauseMode.GRACEFUL), resume("r1"));
    assertThat(given.state().plan().has("onResume")).isFalse();
    given.and(start("b", 1));
  }

  @Test
  void aResumeTakesBackWhatThePauseAskedFor() {
    Given given = begun().and(pause("p1", PauseMode.IMMEDIATE), start("onPause", 1), resume("r1"));
    assertThat(given.task("onPause").status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(given.task("onResume").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void eachPauseAsksAnew() {
    Given given =
        parked()
            .and(resume("r1"), start("onResume", 1), complete("onResume", 1, null))
            .and(pause("p2", PauseMode.GRACEFUL));
    assertThat(given.task("onPause").status()).isEqualTo(TaskStatus.READY);
    given.and(start("onPause", 2), complete("onPause", 2, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
    given.after(Limits.AUTO_RESUME_AFTER).and(fireTimers());
    assertThat(given.task("onResume").status()).as("by itself").isEqualTo(TaskStatus.READY);
  }

  @Test
  void aPauseDuringATeardownAsksForThemToo() {
    Given given =
        given(PlanBuilder.of("a").teardown().onPause().onResume())
            .and(start("a", 1), complete("a", 1, 1L))
            .and(pause("p1", PauseMode.GRACEFUL), start("onPause", 1))
            .and(complete("onPause", 1, null), resume("r1"));
    given.when(start("teardown", 1)).rejects(Code.WRONG_STATE);
    given.and(start("onResume", 1), fail("onResume", 1, "oops"), start("teardown", 1));
    given.and(complete("teardown", 1, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  @Test
  void aPauseSaysHowLongItIs() {
    var week = Duration.ofDays(7);
    Given given = given(PlanBuilder.of("a"));
    given.and(new Command.PauseExecution("p1", PauseMode.GRACEFUL, "ann", null, week));
    assertThat(Timers.next(given.state())).contains(Given.T0.plus(week));
  }

  @Test
  void aCancellationStopsThem() {
    Given given = begun().and(pause("p1", PauseMode.IMMEDIATE), start("onPause", 1), cancel("c1"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.CANCELLED);
  }
}
