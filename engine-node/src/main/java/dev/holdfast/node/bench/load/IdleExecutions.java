package dev.holdfast.node.bench.load;

import dev.holdfast.api.PauseMode;
import dev.holdfast.api.StartOptions;
import dev.holdfast.client.HoldfastClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Executions that do nothing: started and paused. */
public final class IdleExecutions {
  private static final int TASKS = 3;
  private static final int PAYLOAD_BYTES = 200;
  private static final int CONCURRENCY = 500;

  private IdleExecutions() {}

  /**
   * Starts and pauses so many, of three tasks each.
   *
   * @param progress told now and then
   * @return their ids
   * @throws IllegalStateException when any of them can't be
   */
  public static List<String> fill(HoldfastClient holdfast, int count, PrintWriter progress)
      throws InterruptedException {
    holdfast.register(BenchDefinition.source(TASKS));
    var input = BenchDefinition.payload(PAYLOAD_BYTES);
    var unwatched = StartOptions.DEFAULTS.watch(false);
    var slots = new Semaphore(CONCURRENCY);
    var failures = new AtomicInteger();
    Queue<String> ids = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < count; i++) {
      slots.acquire();
      holdfast
          .startAsync(BenchDefinition.NAME, input, unwatched)
          .thenCompose(execution -> {
            ids.add(execution.id());
            return execution.pauseAsync(PauseMode.GRACEFUL, "idle");
          })
          .whenComplete((paused, failure) -> {
            if (failure != null) {
              failures.incrementAndGet();
            }
            slots.release();
          });
      if ((i + 1) % 100_000 == 0) {
        progress.printf("%d paused%n", i + 1);
      }
    }
    slots.acquire(CONCURRENCY);
    if (failures.get() > 0) {
      throw new IllegalStateException(failures + " executions could not be started and paused");
    }
    return List.copyOf(ids);
  }
}
