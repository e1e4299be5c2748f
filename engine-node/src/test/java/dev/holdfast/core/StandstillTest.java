package dev.holdfast.core;

import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StandstillTest {
  private static final PlanBuilder CHAIN = PlanBuilder.chain("a", "b");

  @Test
  void anExecutionWhoseNextTaskWasNeverMadeReadyIsStuckUntilItIsRepaired() {
    Given given = given(CHAIN).and(start("a", 1)).and(completed("a"));
    assertThat(given.task("b").status()).isEqualTo(TaskStatus.PENDING);
    assertThat(Standstill.isStuck(given.state())).isTrue();

    given.and(fireTimers());
    assertThat(given.task("b").status()).isEqualTo(TaskStatus.READY);
    assertThat(Standstill.isStuck(given.state())).isFalse();
    given.when(fireTimers()).changesNothing();
  }

  @Test
  void anExecutionThatIsThroughAndDidNotEndIsStuckUntilItIsRepaired() {
    Given given = given(PlanBuilder.of("a")).and(start("a", 1)).and(completed("a"));
    assertThat(Standstill.isStuck(given.state())).isTrue();

    given.and(fireTimers());
    assertThat(given.state().status().isEnded()).isTrue();
    assertThat(Standstill.isStuck(given.state())).isFalse();
  }

  @Test
  void whatWaitsForSomethingIsNotStuck() {
    assertThat(Standstill.isStuck(given(CHAIN).state())).as("an agent").isFalse();
    assertThat(Standstill.isStuck(given(CHAIN).and(start("a", 1)).state()))
        .as("a result")
        .isFalse();
    var paused = new Command.PauseExecution("p1", PauseMode.IMMEDIATE, "ann", null);
    assertThat(Standstill.isStuck(given(CHAIN).and(paused).state())).as("a resume").isFalse();
    var delayed = new PlanBuilder().task("a", task -> task.delay(Duration.ofHours(1)));
    assertThat(Standstill.isStuck(given(delayed).state())).as("a time").isFalse();
  }

  private static Event completed(String task) {
    return new Event.TaskCompleted(task, 1, "done");
  }
}
