package dev.holdfast.benchmarks;

import dev.holdfast.core.Plan;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.StateStore.Recovery;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a start takes with many live executions, and what they weigh in the heap: paused ones of
 * three tasks, as they come out of their snapshots. Arguments: how many (default 200,000), and a
 * folder.
 */
public final class RecoverySpike {
  private static final int BATCH = 500;

  private RecoverySpike() {}

  /** Writes them, then starts twice: before the checkpoints, and after. */
  public static void main(String[] args) throws IOException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
    Path parent =
        args.length > 1 ? Path.of(args[1]) : Path.of(System.getProperty("java.io.tmpdir"));
    Path folder = Files.createTempDirectory(parent, "holdfast-recovery");
    Plan plan = Chain.plan(3);
    try {
      write(folder, plan, count);
      recover(folder, plan, "out of the journal");
      checkpoint(folder, plan);
      recover(folder, plan, "out of snapshots");
    } finally {
      AppendSpike.delete(folder);
    }
  }

  private static void write(Path folder, Plan plan, int count) {
    try (var store = open(folder, InstantSource.system())) {
      store.recover(AppendSpike::none, entry -> {});
      var batch = new ArrayList<JournalEntry>();
      Instant now = Instant.now();
      for (int i = 0; i < count; i++) {
        var chain = new Chain(plan, "x" + i);
        batch.add(chain.entry(chain.decide(now), now));
        batch.add(chain.entry(chain.pause(now), now));
        if (batch.size() >= BATCH || i + 1 == count) {
          store.append(batch);
          batch.clear();
        }
      }
    }
  }

  private static void checkpoint(Path folder, Plan plan) {
    Instant later = Instant.now().plus(Duration.ofMinutes(5));
    try (var store = open(folder, () -> later.minus(Duration.ofMinutes(5)))) {
      store.recover((tenant, definition, version) -> plan, entry -> {});
      long begun = System.nanoTime();
      long cpuBegun = cpuNanos();
      while (store.maintain(later) || store.maintain(later)) {
        Thread.onSpinWait();
      }
      System.out.printf(
          "checkpoints took %.2f s, %.2f CPU s%n",
          (System.nanoTime() - begun) / 1e9, (cpuNanos() - cpuBegun) / 1e9);
    }
  }

  private static void recover(Path folder, Plan plan, String what) {
    long before = usedBytes();
    long begun = System.nanoTime();
    long cpuBegun = cpuNanos();
    var live = new ArrayList<ExecutionEntry>();
    try (var store = open(folder, InstantSource.system())) {
      Recovery recovery = store.recover((tenant, definition, version) -> plan, live::add);
      double seconds = (System.nanoTime() - begun) / 1e9;
      double cpuSeconds = (cpuNanos() - cpuBegun) / 1e9;
      List<String> damaged = recovery.damaged();
      System.out.printf(
          "%,d recovered %s in %.2f s, %.2f CPU s, %d B of heap each, %d damaged, %,d B of files%n",
          recovery.live(),
          what,
          seconds,
          cpuSeconds,
          (usedBytes() - before) / Math.max(1, recovery.live()),
          damaged.size(),
          store.sizeBytes());
    }
  }

  private static SqliteStateStore open(Path folder, InstantSource clock) {
    return new SqliteStateStore(folder.resolve("store.db"), clock);
  }

  /** Of the whole process, its compiler and collector included. */
  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
