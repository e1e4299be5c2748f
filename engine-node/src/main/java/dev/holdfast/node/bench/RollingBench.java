package dev.holdfast.node.bench;

import dev.holdfast.node.bench.cluster.BenchMember;
import dev.holdfast.node.bench.load.Load;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What callers notice of rolling restarts: one member after the other is stopped and started. */
final class RollingBench {
  /** Load between two restarts. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /**
   * What was measured.
   *
   * @param leaveMs SIGTERM until the process has ended
   * @param returnMs its start until all members are ready again
   * @param failedCalls of the thin client, after its retries
   * @param lost acknowledged starts that did not end
   * @param duplicated handler calls beyond one a task
   */
  record Report(
      int members,
      String store,
      int rounds,
      int restarts,
      Map<String, Object> leaveMs,
      Map<String, Object> returnMs,
      int calls,
      int failedCalls,
      double slowestCallMs,
      Map<String, Double> startMs,
      Map<String, Double> viewMs,
      int completed,
      int failed,
      int lost,
      int duplicated,
      List<String> failures) {}

  private final UnderLoad bench;

  RollingBench(UnderLoad bench) {
    this.bench = bench;
  }

  Report run(Path folder, int rounds) throws InterruptedException {
    List<Long> leaving = new ArrayList<>();
    List<Long> returning = new ArrayList<>();
    int members = bench.layout().members();
    UnderLoad.Seen seen =
        bench.run(
            folder,
            (cluster, load, holdfast) -> {
              for (int round = 1; round <= rounds; round++) {
                for (BenchMember member : cluster.members()) {
                  LockSupport.parkNanos(PAUSE_NANOS);
                  leaving.add(millis(member::terminate));
                  returning.add(
                      millis(() -> {
                        member.start();
                        cluster.awaitReady(members);
                      }));
                  bench
                      .progress()
                      .printf(
                          "round %d of %d: left in %d ms, back in %d ms, slowest start so far %.0f"
                              + " ms%n",
                          round,
                          rounds,
                          leaving.getLast(),
                          returning.getLast(),
                          load.starts().maxMillis());
                }
              }
              LockSupport.parkNanos(PAUSE_NANOS);
            });
    Load load = seen.load();
    return new Report(
        members,
        bench.layout().store(),
        rounds,
        leaving.size(),
        Spread.of(leaving),
        Spread.of(returning),
        load.calls(),
        load.failedCalls(),
        Math.max(load.starts().maxMillis(), load.views().maxMillis()),
        load.starts().toMap(),
        load.views().toMap(),
        load.completed(),
        load.failed(),
        seen.lost(),
        seen.duplicated(),
        load.failures());
  }

  private static long millis(Runnable work) {
    long begunNanos = System.nanoTime();
    work.run();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
  }
}
