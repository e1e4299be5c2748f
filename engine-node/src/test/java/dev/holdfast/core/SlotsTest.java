package dev.holdfast.core;

import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.grant;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.start;
import static dev.holdfast.core.Given.startExecution;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Executions with a concurrency key. */
class SlotsTest {
  private static final PlanBuilder PLAN =
      PlanBuilder.of("a").setup().teardown().onPause().onResume().oneAtOnce();

  private static Given waiting() {
    return given(PLAN);
  }

  @Test
  void nothingOfItBeginsBeforeItHasASlot() {
    Given given = waiting();
    assertThat(given.events()).hasSize(2).last().isEqualTo(awaited("acme"));
    assertThat(given.state().waitsForSlot()).isTrue();
    assertThat(given.state().tasks()).allMatch(task -> task.status() == TaskStatus.PENDING);
    assertThat(Timers.next(given.state())).isEmpty();
    assertThat(Standstill.isStuck(given.state())).isFalse();
    assertThat(Effects.recover(given.state())).containsExactly(new Effect.ClaimSlot());
    given.after(Duration.ofDays(3)).when(fireTimers()).changesNothing();
  }

  private static Event awaited(String key) {
    return new Event.SlotAwaited(key, 1, OnLimit.QUEUE);
  }

  @Test
  void timeOfTheExecutionBeginsWithItsSlot() {
    Given given = waiting().after(Duration.ofDays(3));
    given
        .when(grant(2))
        .then(
            new Event.SlotGranted(given.now().plus(Limits.WORKFLOW_TIMEOUT)),
            new Event.TaskReadied("setup", null));
    assertThat(given.state().waitsForSlot()).isFalse();
    assertThat(Timers.next(given.state())).contains(given.state().deadline());
    given.when(grant(2)).changesNothing();
    assertThat(given.state().slot().held()).isTrue();
  }

  @Test
  void slotForItAsItWasBeforeIsRefused() {
    waiting()
        .and(pause("p", PauseMode.GRACEFUL), resume("r"))
        .when(grant(2))
        .rejects(Code.WRONG_STATE, "has changed since");
  }

  @Test
  void whatIsPausedWithoutASlotGetsNoneAndParksNothing() {
    Given given = waiting().after(Duration.ofDays(2)).and(pause("p", PauseMode.GRACEFUL));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(given.state().pause().remaining()).isEqualTo(Limits.WORKFLOW_TIMEOUT);
    assertThat(given.state().plan().has("onPause")).isFalse();
    given.when(grant(4)).rejects(Code.WRONG_STATE, "waits for no slot");
    given.and(resume("r"));
    assertThat(given.state().plan().has("onResume")).isFalse();
    given.and(grant(5));
    assertThat(given.state().waitsForSlot()).isFalse();
  }

  @Test
  void pausedHolderKeepsItsSlot() {
    Given given = waiting().and(grant(2), pause("p", PauseMode.IMMEDIATE));
    assertThat(given.state().slot().held()).isTrue();
  }

  @Test
  void whatIsCancelledWithoutASlotTearsNothingDown() {
    Given given = waiting().and(cancel("c"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(given.task("teardown").attempts()).isEmpty();
    given.when(grant(7)).rejects(Code.WRONG_STATE);
  }

  @Test
  void endedExecutionHasToWaitAgainWhenItIsRetried() {
    Given given =
        given(PlanBuilder.of("a").oneAtOnce())
            .and(grant(2), start("a", 1), fail("a", 1, "oops"))
            .after(Duration.ofHours(1))
            .and(retry("t", null));
    assertThat(given.events()).last().isEqualTo(awaited("acme"));
    assertThat(given.state().slot().since()).isEqualTo(given.now());
    assertThat(given.task("a").status()).isEqualTo(TaskStatus.PENDING);
    given.and(grant(given.state().seq()), start("a", 2), complete("a", 2, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  @Test
  void keyIsTextANumberOrABoolean() {
    for (Object key : List.of("acme", 7L, 1.5, true)) {
      Given given = given(PlanBuilder.of("a").concurrency(s -> key, 3, OnLimit.REFUSE));
      assertThat(given.state().slot().key()).isEqualTo(key.toString());
      assertThat(given.state().slot().limit()).isEqualTo(3);
    }
    for (Object key : List.of("", "x".repeat(257), Map.of(), List.of())) {
      Plan plan = PlanBuilder.of("a").concurrency(s -> key, 3, OnLimit.QUEUE).build();
      Given.nothing(plan).when(startExecution(plan)).rejects(Code.INVALID_CONCURRENCY_KEY);
    }
  }
}
