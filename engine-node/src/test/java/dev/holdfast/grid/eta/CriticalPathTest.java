package dev.holdfast.grid.eta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Command;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Event;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlanBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every figure is worked out by hand beside it. */
class CriticalPathTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Map<String, Even> known = new HashMap<>();
  private Set<String> skipped = Set.of();

  /** Evenly distributed from one number of milliseconds to another. */
  private record Even(double from, double to, long samples) implements TaskTimes.Times {
    @Override
    public double quantile(double share) {
      return from + share * (to - from);
    }

    @Override
    public double shareWithin(double millis) {
      return Math.clamp((millis - from) / (to - from), 0, 1);
    }
  }

  @Test
  void aChainAddsUp() {
    takes("a", 0, 1000, 12);
    takes("b", 1000, 3000, 40);
    // Medians 500 + 2000; from median to p90 400 and 800: the root of both squares is 894.4.
    assertEstimate(begun(PlanBuilder.chain("a", "b").build()), 2500, 2500 + 894.43, 12);
  }

  @Test
  void ofBranchesTheLongestCounts() {
    takes("a", 0, 1000, 5);
    takes("b", 0, 4000, 5);
    takes("c", 0, 200, 5);
    Plan plan = PlanBuilder.of("a", "b").task("c", task -> task.needs("a", "b")).build();
    // b 2000, spread 1600; c 100, spread 80.
    assertEstimate(begun(plan), 2100, 2100 + 1602, 5);
  }

  @Test
  void whatHasEndedTakesNoTime() {
    takes("b", 0, 1000, 5);
    ExecutionState state = begun(PlanBuilder.chain("a", "b").build());
    state = after(state, start("a"), NOW);
    state = after(state, new Command.CompleteTask("a", 1, 7, "done"), NOW);
    assertEstimate(state, 500, 900, 5);
  }

  @Test
  void ofARunningAttemptWhatIsLeftCountsGivenWhatItTookAlready() {
    takes("a", 0, 1000, 5);
    ExecutionState state = after(begun(PlanBuilder.of("a").build()), start("a"), NOW);
    // Of those that take longer than 600, half take longer than 800 and a tenth longer than 960.
    assertEstimate(estimate(state, NOW.plusMillis(600)), 200, 360, 5);
    // It takes longer than any before: any moment now.
    assertEstimate(estimate(state, NOW.plusMillis(5000)), 0, 0, 5);
  }

  @Test
  void aListGoesInWavesOfItsConcurrency() {
    takes("lines[]", 0, 200, 30);
    Plan plan =
        new PlanBuilder()
            .task(
                "lines", task -> task.forEach(scope -> List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), 3, 100))
            .build();
    ExecutionState state = begun(plan);
    // 7 items of 100 on 3 places: 3 rounds. The spread is that of the last one.
    assertEstimate(state, 300, 380, 30);

    state = after(state, start("lines[0]"), NOW);
    // Its median of what is left after 100 is 50: places are free at 50, 100, 100.
    // 4 items wait: 50→150, 100→200, 100→200, 150→250.
    assertEstimate(estimate(state, NOW.plusMillis(100)), 250, 330, 30);
  }

  @Test
  void aListThatIsNotKnownYetTakesWhatListsTookBefore() {
    takes("a", 0, 1000, 5);
    takes("lines", 0, 10_000, 9);
    Plan plan =
        PlanBuilder.of("a")
            .task("lines", task -> task.needs("a").forEach(scope -> List.of(1L), 3, 100))
            .build();
    assertEstimate(begun(plan), 5500, 5500 + Math.hypot(400, 4000), 5);
  }

  @Test
  void aBranchThatIsMostlySkippedIsNotCounted() {
    takes("a", 0, 1000, 5);
    takes("rare", 0, 100_000, 1);
    skipped = Set.of("rare");
    Plan plan =
        PlanBuilder.of("a").task("rare", task -> task.needs("a").when("x", scope -> true)).build();
    assertEstimate(begun(plan), 500, 900, 5);
  }

  @Test
  void aDelayAheadIsWaitedForAndOneUnderWayForWhatIsLeftOfIt() {
    takes("a", 0, 1000, 5);
    Plan plan = new PlanBuilder().task("a", task -> task.delay(Duration.ofSeconds(10))).build();
    assertEstimate(estimate(begun(plan), NOW.plusSeconds(4)), 6500, 6900, 5);
  }

  @Test
  void aRetryIsWaitedFor() {
    takes("a", 0, 1000, 5);
    ExecutionState state =
        after(
            begun(new PlanBuilder().task("a", task -> task.retry(PlanBuilder.THRICE)).build()),
            start("a"),
            NOW);
    var error = new TaskError("oops", "it went wrong");
    state = after(state, new Command.FailTask("a", 1, 7, error, true, Duration.ofSeconds(3)), NOW);
    assertEstimate(state, 3500, 3900, 5);
  }

  @Test
  void whatWouldBeAGuessIsNotTold() {
    assertThat(estimate(begun(PlanBuilder.of("a").build()), NOW)).as("never seen").isEmpty();
    takes("a", 0, 1000, 5);
    takes("b", 0, 1000, 5);
    assertThat(estimate(begun(PlanBuilder.of("a").build()), NOW)).isPresent();
    Plan asked = PlanBuilder.of("a").task("b", task -> task.needs("a").approval(null)).build();
    assertThat(estimate(begun(asked), NOW)).as("a person decides").isEmpty();
    ExecutionState ended =
        after(
            begun(PlanBuilder.of("a").build()), new Command.CancelExecution("c", "ann", null), NOW);
    assertThat(estimate(ended, NOW)).as("it has ended").isEmpty();
  }

  private void takes(String task, double from, double to, long samples) {
    known.put(task, new Even(from, to, samples));
  }

  private void assertEstimate(ExecutionState state, double p50, double p90, long samples) {
    assertEstimate(estimate(state, NOW), p50, p90, samples);
  }

  private static void assertEstimate(
      Optional<Estimate> estimate, double p50, double p90, long samples) {
    assertThat(estimate).isPresent();
    assertThat(estimate.orElseThrow().p50Millis()).isCloseTo(p50, within(0.5));
    assertThat(estimate.orElseThrow().p90Millis()).isCloseTo(p90, within(0.5));
    assertThat(estimate.orElseThrow().samples()).isEqualTo(samples);
  }

  private Optional<Estimate> estimate(ExecutionState state, Instant now) {
    return CriticalPath.of(
        state,
        new TaskTimes() {
          @Override
          public @Nullable Times of(String name) {
            return known.get(name);
          }

          @Override
          public boolean isMostlySkipped(String name) {
            return skipped.contains(name);
          }
        },
        now);
  }

  private static Command start(String task) {
    return new Command.StartTask(task, 7, "w");
  }

  private static ExecutionState begun(Plan plan) {
    var key = new ExecutionKey("default", "one");
    var start =
        new Command.StartExecution(plan, key, null, Map.of(), null, 5, null, "digest", "ann");
    if (!(Decider.decide(null, start, NOW) instanceof Decision.Accepted(List<Event> events))) {
      throw new AssertionError("refused");
    }
    var begun = Evolver.begin(plan, key, (Event.ExecutionStarted) events.getFirst(), NOW);
    return Evolver.evolve(begun, events.subList(1, events.size()), NOW);
  }

  private static ExecutionState after(ExecutionState state, Command command, Instant at) {
    if (!(Decider.decide(state, command, at) instanceof Decision.Accepted(List<Event> events))) {
      throw new AssertionError("refused");
    }
    return Evolver.evolve(state, events, at);
  }
}
