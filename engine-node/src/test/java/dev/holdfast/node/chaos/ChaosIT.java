package dev.holdfast.node.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Faults by a seeded schedule while executions run; afterwards what clients saw acknowledged is
 * held to the histories. Short by default; {@code -Dholdfast.chaos.minutes=N} goes on for so long.
 */
class ChaosIT {
  private static final Duration LONGER =
      Duration.ofMinutes(Integer.getInteger("holdfast.chaos.minutes", 0));
  private static final int RUNNING = 60;
  private static final int COMPLETIONS_MIN = 200;

  @Test
  void oneMember() throws Exception {
    run("one-member", 1, List.of(Fault.KILL, Fault.TERMINATE, Fault.STALL));
  }

  private static void run(String name, int size, List<Fault> kinds) throws Exception {
    try (var run = new ChaosRun(name, size, RUNNING)) {
      var nemesis = new Nemesis(run.cluster(), run.random());
      long end = System.nanoTime() + LONGER.toNanos();
      do {
        var faults = new ArrayList<>(kinds);
        Collections.shuffle(faults, run.random());
        faults.forEach(nemesis::strike);
      } while (System.nanoTime() < end);
      assertThat(nemesis.done().keySet()).containsAll(kinds);
      run.check(COMPLETIONS_MIN, nemesis.log());
    }
  }
}
