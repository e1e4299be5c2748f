package dev.holdfast.node.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Faults by a seeded schedule while executions run; afterwards what clients saw acknowledged is
 * held to the histories and to the disks.
 *
 * <p>{@code -Dholdfast.chaos.all=true} runs what takes minutes. {@code -Dholdfast.chaos.minutes=N}
 * goes on for so long, {@code -Dholdfast.chaos.seed=…} repeats the faults of an earlier run, {@code
 * -Dholdfast.chaos.faults=KILL,PARTITION} runs {@link #chosenFaults} with these, on {@code
 * -Dholdfast.chaos.members=3} with {@code -Dholdfast.chaos.store=sqlite|postgres}.
 */
class ChaosIT {
  private static final Duration LONGER =
      Duration.ofMinutes(Integer.getInteger("holdfast.chaos.minutes", 0));
  private static final int RUNNING = 30;
  private static final int COMPLETIONS_MIN = 200;

  /** The one that every build has: a member is killed, and one stands still, in either order. */
  @Test
  void shortRun() throws Exception {
    run("short", 3, new Storage.OwnDisks(), List.of(Fault.KILL, Fault.STALL));
  }

  @Test
  @EnabledIfSystemProperty(named = "holdfast.chaos.all", matches = "true")
  void disksOfTheirOwn() throws Exception {
    run("own-disks", 3, new Storage.OwnDisks(), List.of(Fault.KILL, Fault.PARTITION));
  }

  @Test
  @EnabledIfSystemProperty(named = "holdfast.chaos.all", matches = "true")
  void databaseOfAll() throws Exception {
    run("database", 3, Storage.Database.start(), List.of(Fault.KILL, Fault.DATABASE_STOP));
  }

  @Test
  @EnabledIfSystemProperty(named = "holdfast.chaos.all", matches = "true")
  void oneMember() throws Exception {
    run("one-member", 1, new Storage.OwnDisks(), List.of(Fault.KILL, Fault.TERMINATE, Fault.STALL));
  }

  @Test
  @EnabledIfSystemProperty(named = "holdfast.chaos.faults", matches = ".+")
  void chosenFaults() throws Exception {
    List<Fault> faults =
        Stream.of(System.getProperty("holdfast.chaos.faults").split(","))
            .map(Fault::valueOf)
            .toList();
    boolean shared = System.getProperty("holdfast.chaos.store", "sqlite").equals("postgres");
    run(
        "chosen",
        Integer.getInteger("holdfast.chaos.members", 3),
        shared ? Storage.Database.start() : new Storage.OwnDisks(),
        faults);
  }

  private static void run(String name, int size, Storage storage, List<Fault> kinds)
      throws Exception {
    try (var run = ChaosRun.begin(name, size, RUNNING, storage)) {
      var nemesis = new Nemesis(run.cluster(), storage, run.random());
      long end = System.nanoTime() + LONGER.toNanos();
      try {
        do {
          var faults = new ArrayList<>(kinds);
          Collections.shuffle(faults, run.random());
          faults.forEach(nemesis::strike);
        } while (System.nanoTime() < end);
      } catch (IllegalStateException e) {
        throw new AssertionError(run.describe(nemesis.log()), e);
      }
      assertThat(nemesis.done().keySet()).containsAll(kinds);
      run.check(COMPLETIONS_MIN, nemesis.log());
    }
  }
}
