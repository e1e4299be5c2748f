package dev.holdfast.core;

import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.signal;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DelaysTest {
  private static final Duration TEN = Duration.ofMinutes(10);

  private static Given delayed() {
    return given(PlanBuilder.of("a").task("x", t -> t.needs("a").delay(TEN)))
        .and(start("a", 1), complete("a", 1, null));
  }

  @Test
  void taskBecomesReadySoLongAfterItsNeedsHaveEnded() {
    Given given = delayed();
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.PENDING);
    assertThat(given.task("x").gate()).isEqualTo(new Gate.Delayed(Given.T0.plus(TEN)));
    assertThat(Timers.next(given.state())).contains(Given.T0.plus(TEN));
    given.after(TEN.minusMillis(1)).when(fireTimers()).changesNothing();
    given.after(Duration.ofMillis(1)).when(fireTimers()).then(new Event.TaskReadied("x", null));
    assertThat(given.task("x").gate()).isNull();
  }

  @Test
  void otherResultsDontShortenIt() {
    Given given = given(PlanBuilder.of("b").task("x", t -> t.delay(TEN))).and(start("b", 1));
    given.when(complete("b", 1, null)).then(new Event.TaskCompleted("b", 1, null));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.PENDING);
  }

  @Test
  void pauseStopsItsClock() {
    Given given =
        delayed()
            .after(Duration.ofMinutes(4))
            .and(pause("p1", PauseMode.GRACEFUL))
            .after(Duration.ofHours(2));
    given.when(fireTimers()).changesNothing();
    given.and(resume("r1"));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.PENDING);
    assertThat(given.task("x").gate())
        .isEqualTo(new Gate.Delayed(given.now().plus(Duration.ofMinutes(6))));
    given.after(Duration.ofMinutes(6)).and(fireTimers());
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void inputIsMadeWhenItHasPassed() {
    Given given =
        given(
                PlanBuilder.of("b")
                    .variables(initial())
                    .task("x", t -> t.delay(TEN).input(s -> s.state().variables().get("v"))))
            .and(new Event.VariablesSet("b", Map.of("v", 2L)))
            .after(TEN);
    given.when(fireTimers()).then(new Event.TaskReadied("x", 2L));
  }

  private static Map<String, @Nullable Object> initial() {
    var variables = new LinkedHashMap<String, @Nullable Object>();
    variables.put("v", 1L);
    return variables;
  }

  @Test
  void delayAloneIsATaskThatNobodyCarriesOut() {
    Given given = given(PlanBuilder.of().task("x", t -> t.delay(TEN).unmanned())).after(TEN);
    Map<String, @Nullable Object> output = new LinkedHashMap<>();
    output.put("x", null);
    given
        .when(fireTimers())
        .then(new Event.TaskPassed("x", null), new Event.ExecutionCompleted(output));
  }

  @Test
  void signalCountsOnlyOnceTheDelayHasPassed() {
    Given given =
        given(PlanBuilder.of().task("x", t -> t.delay(TEN).waitFor("go", TEN).unmanned()))
            .and(signal("s1", "go", 1L));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.PENDING);
    given
        .after(TEN)
        .when(fireTimers())
        .thenAmongOthers(new Event.SignalTaken("x", "go", "s1"), new Event.TaskPassed("x", 1L));
  }

  @Test
  void failureOfAnotherTaskCancelsIt() {
    Given given =
        given(PlanBuilder.of("b").task("x", t -> t.delay(TEN)))
            .and(start("b", 1), fail("b", 1, "oops"));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void takeoverArmsTheTimer() {
    assertThat(Effects.recover(delayed().state()))
        .containsExactly(new Effect.ArmTimer(Given.T0.plus(TEN)));
  }
}
