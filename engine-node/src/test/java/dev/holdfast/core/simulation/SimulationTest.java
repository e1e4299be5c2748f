package dev.holdfast.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Thousands of faults on one thread. {@code -Dholdfast.seed=…} runs one seed alone, {@code
 * -Dholdfast.soak=…} that many times as many.
 */
class SimulationTest {
  private static final int SEEDS = 24 * Integer.getInteger("holdfast.soak", 1);
  private static final int STEPS_WITH_FAULTS = 10_500;

  @Test
  void promisesHoldWhateverGoesWrong() {
    Long only = Long.getLong("holdfast.seed");
    if (only != null) {
      new Simulation(only).run(STEPS_WITH_FAULTS);
      return;
    }
    var faults = new EnumMap<Faults.Kind, Integer>(Faults.Kind.class);
    var counts = new TreeMap<String, Integer>();
    long steps = 0;
    long lost = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      var simulation = new Simulation(seed);
      simulation.run(STEPS_WITH_FAULTS);
      steps += simulation.steps();
      lost += simulation.lostTransitions();
      simulation.faults().forEach((kind, n) -> faults.merge(kind, n, Integer::sum));
      simulation.counts().forEach((what, n) -> counts.merge(what, n, Integer::sum));
    }
    assertThat(steps).as("steps").isGreaterThanOrEqualTo(SEEDS * 10_000L);
    assertThat(faults.keySet()).containsExactlyInAnyOrder(Faults.Kind.values());
    assertThat(faults.values()).as("%s", faults).allMatch(n -> n >= SEEDS / 2);
    assertThat(lost).as("transitions that crashes lost").isGreaterThan(SEEDS / 2);
    assertAtLeast(counts, "COMPLETED", SEEDS * 10);
    assertAtLeast(counts, "FAILED", SEEDS);
    assertAtLeast(counts, "CANCELLED", SEEDS);
    assertAtLeast(counts, "TIMED_OUT", SEEDS / 4);
    assertAtLeast(counts, "results", SEEDS * 100);
    assertAtLeast(counts, "pauses", SEEDS * 5);
    assertAtLeast(counts, "retries", SEEDS);
    assertAtLeast(counts, "approvals", SEEDS);
    assertAtLeast(counts, "rejections", SEEDS / 4);
    assertAtLeast(counts, "signals", SEEDS);
    assertAtLeast(counts, "children", SEEDS * 5);
    assertAtLeast(counts, "children COMPLETED", SEEDS);
    assertAtLeast(counts, "children CANCELLED", SEEDS / 4);
    assertAtLeast(counts, "grandchildren", SEEDS / 4);
    assertAtLeast(counts, "children of items", SEEDS);
    assertAtLeast(counts, "paused by parents", SEEDS / 4);
    assertAtLeast(counts, "stale", SEEDS / 4);
    assertAtLeast(counts, "firings", SEEDS * 3);
    assertAtLeast(counts, "slots", SEEDS * 3);
  }

  private static void assertAtLeast(Map<String, Integer> counts, String what, int least) {
    assertThat(counts.getOrDefault(what, 0))
        .as("%s of %s", what, counts)
        .isGreaterThanOrEqualTo(least);
  }

  @Test
  void sameSeedRunsTheSame() {
    var one = new Simulation(7);
    var other = new Simulation(7);
    one.run(5000);
    other.run(5000);
    assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
    assertThat(one.events()).isGreaterThan(500);
  }
}
