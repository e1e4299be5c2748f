package dev.holdfast.core;

import static dev.holdfast.core.Given.approve;
import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.signal;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignalsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static PlanBuilder shipping() {
    return PlanBuilder.of("a")
        .task("ship", t -> t.needs("a").waitFor("paid", null).input(Scope::signal));
  }

  @Test
  void taskWaitsForItsSignalAndIsGivenWhatItBrought() {
    Given given = given(shipping()).and(start("a", 1));
    given
        .when(complete("a", 1, null))
        .then(new Event.TaskCompleted("a", 1, null), new Event.SignalAwaited("ship", "paid", null));
    assertThat(given.task("ship").status()).isEqualTo(TaskStatus.PENDING);
    given
        .when(signal("s1", "paid", Map.of("sum", 5L)))
        .then(
            new Event.SignalReceived("s1", "paid", Map.of("sum", 5L), "shop"),
            new Event.SignalTaken("ship", "paid", "s1"),
            new Event.TaskReadied("ship", Map.of("sum", 5L)));
    assertThat(given.state().signals().kept()).isEmpty();
    assertThat(given.task("ship").gate()).isNull();
  }

  @Test
  void signalIsKeptUntilATaskWaitsForIt() {
    Given given =
        given(shipping())
            .and(signal("s1", "paid", 1L), signal("s2", "paid", 2L), signal("s3", "other", 3L))
            .and(start("a", 1));
    given
        .when(complete("a", 1, null))
        .then(
            new Event.TaskCompleted("a", 1, null),
            new Event.SignalTaken("ship", "paid", "s1"),
            new Event.TaskReadied("ship", 1L));
    assertThat(given.state().signals().kept())
        .extracting(Signals.Signal::id)
        .containsExactly("s2", "s3");
  }

  @Test
  void eachSignalIsTakenByOneTask() {
    Given given =
        given(
                PlanBuilder.of()
                    .task("x", t -> t.waitFor("go", null).unmanned())
                    .task("y", t -> t.waitFor("go", null).unmanned()))
            .and(signal("s1", "go", 1L));
    assertThat(given.task("x").output()).isEqualTo(1L);
    assertThat(given.task("y").status()).isEqualTo(TaskStatus.PENDING);
    given
        .when(signal("s2", "go", 2L))
        .then(
            new Event.SignalReceived("s2", "go", 2L, "shop"),
            new Event.SignalTaken("y", "go", "s2"),
            new Event.TaskPassed("y", 2L),
            new Event.ExecutionCompleted(Map.of("x", 1L, "y", 2L)));
  }

  @Test
  void sameIdAgainChangesNothingEvenWhenItWasTaken() {
    Given given = given(shipping()).and(signal("s1", "paid", 1L));
    given.when(signal("s1", "paid", 9L)).changesNothing();
    given.and(start("a", 1), complete("a", 1, null));
    given.when(signal("s1", "paid", 1L)).changesNothing();
    given.and(start("ship", 1), complete("ship", 1, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
    given.when(signal("s1", "paid", 1L)).changesNothing();
    given.when(signal("s2", "paid", 1L)).rejects(Code.WRONG_STATE, "takes no signals");
  }

  @Test
  void signalsThatAreKeptAreCounted() {
    Given given = given(shipping());
    for (int i = 0; i < Limits.SIGNALS_KEPT_MAX; i++) {
      given.and(signal("s" + i, "noise", null));
    }
    given
        .when(signal("more", "paid", null))
        .rejects(Code.LIMIT_EXCEEDED, "SIGNALS_KEPT_MAX is 100");
    given.and(start("a", 1), complete("a", 1, null));
    given
        .when(signal("awaited", "paid", null))
        .thenAmongOthers(new Event.SignalTaken("ship", "paid", "awaited"));
  }

  @Test
  void signalsAreWeighed() {
    String most = "x".repeat(Limits.SIGNAL_BYTES_MAX - 2);
    Given given = given(shipping());
    given
        .when(signal("s0", "paid", most + "xxx"))
        .rejects(Code.LIMIT_EXCEEDED, "SIGNAL_BYTES_MAX is 65536");
    long before = given.state().payloadBytes();
    given.and(signal("s1", "paid", most));
    assertThat(given.state().payloadBytes()).isEqualTo(before + Sizes.of(most));
  }

  @Test
  void onlyTheNewestIdsAreRemembered() {
    Given given = given(PlanBuilder.of("a").task("x", t -> t.waitFor("go", null).unmanned()));
    for (int i = 0; i < Limits.SIGNALS_SEEN_MAX + 5; i++) {
      given.and(new Event.SignalReceived("s" + i, "n", null, "shop"));
      given.and(new Event.SignalTaken("a", "n", "s" + i));
    }
    assertThat(given.state().signals().seen())
        .hasSize(Limits.SIGNALS_SEEN_MAX)
        .doesNotContain("s4")
        .contains("s5");
  }

  @Test
  void noSignalComesInTime() {
    Given given = given(PlanBuilder.of().task("x", t -> t.waitFor("go", HOUR).unmanned()));
    assertThat(Timers.next(given.state())).contains(Given.T0.plus(HOUR));
    var error = new TaskError(ErrorTypes.SIGNAL_TIMEOUT, "no signal 'go' came within PT1H");
    given
        .after(HOUR)
        .when(fireTimers())
        .then(new Event.TaskFailed("x", error), new Event.ExecutionFailed(error));
  }

  @Test
  void timeOutOfATaskThatMayFailLetsTheExecutionGoOn() {
    Given given =
        given(
            PlanBuilder.of()
                .task(
                    "x",
                    t -> t.waitFor("go", HOUR).unmanned().onFailure(PlannedTask.OnFailure.CONTINUE))
                .task("z", t -> t.needs("x").join(PlannedTask.Join.ALWAYS)));
    given.after(HOUR).when(fireTimers()).thenAmongOthers(new Event.TaskReadied("z", null));
  }

  @Test
  void signalThatComesWhilePausedIsTakenAtTheResume() {
    Given given =
        given(PlanBuilder.of().task("x", t -> t.waitFor("go", HOUR).unmanned()))
            .and(pause("p1", PauseMode.GRACEFUL));
    given.when(signal("s1", "go", 1L)).then(new Event.SignalReceived("s1", "go", 1L, "shop"));
    given
        .after(Duration.ofHours(3))
        .when(resume("r1"))
        .thenAmongOthers(
            new Event.SignalTaken("x", "go", "s1"),
            new Event.TaskPassed("x", 1L),
            new Event.ExecutionCompleted(Map.of("x", 1L)));
  }

  @Test
  void pauseMovesTheTimeInWhichItMustCome() {
    Given given =
        given(PlanBuilder.of().task("x", t -> t.waitFor("go", HOUR).unmanned()))
            .after(Duration.ofMinutes(10))
            .and(pause("p1", PauseMode.GRACEFUL))
            .after(Duration.ofHours(3))
            .and(resume("r1"));
    assertThat(Timers.next(given.state())).contains(given.now().plus(Duration.ofMinutes(50)));
  }

  @Test
  void signalThenApproval() {
    Given given =
        given(
                PlanBuilder.of()
                    .task("x", t -> t.waitFor("go", null).approval(null).input(Scope::signal)))
            .and(signal("s1", "go", "word"));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.AWAITING_APPROVAL);
    given.when(approve("d1", "x", null)).thenAmongOthers(new Event.TaskReadied("x", "word"));
  }

  @Test
  void inputThatCantBeMadeOfTheSignalFailsTheTask() {
    Given given =
        given(
                PlanBuilder.of()
                    .task(
                        "x",
                        t ->
                            t.waitFor("go", null)
                                .input(s -> {
                                  throw new ExpressionException("no");
                                })))
            .and(signal("s1", "go", 1L));
    assertThat(given.task("x").error().type()).isEqualTo(ErrorTypes.EXPRESSION);
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void retryOfTheExecutionWaitsForAnotherSignal() {
    Given given =
        given(
                PlanBuilder.of()
                    .task(
                        "x",
                        t ->
                            t.waitFor("go", null)
                                .unmanned()
                                .set(
                                    "v",
                                    s -> {
                                      throw new ExpressionException("no");
                                    })))
            .and(signal("s1", "go", 1L));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    given.and(retry("t1", null));
    assertThat(given.task("x").gate()).isInstanceOf(Gate.AwaitingSignal.class);
  }

  @Test
  void cancellationEndsTheWait() {
    Given given = given(PlanBuilder.of().task("x", t -> t.waitFor("go", HOUR))).and(cancel("c1"));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(given.task("x").gate()).isNull();
  }

  @Test
  void effectsArmTheTimer() {
    Given given = given(PlanBuilder.of().task("x", t -> t.waitFor("go", HOUR)));
    assertThat(Effects.of(given.state(), given.events()))
        .containsExactly(new Effect.ArmTimer(Given.T0.plus(HOUR)));
    assertThat(Effects.of(given.state(), List.of(new Event.SignalReceived("s", "n", null, "b"))))
        .isEmpty();
  }
}
