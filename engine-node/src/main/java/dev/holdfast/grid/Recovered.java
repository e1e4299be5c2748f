package dev.holdfast.grid;

import com.hazelcast.map.IMap;
import dev.holdfast.journal.ExecutionEntry;
import java.util.Collection;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The way of recovered executions into the map. */
final class Recovered {
  /** Installations under way at once. */
  private static final int UNDER_WAY_MAX = 1000;

  private Recovered() {}

  /**
   * Puts all of them into the map; returns when they are there.
   *
   * @throws IllegalStateException when the grid did not take one
   * @throws InterruptedException when the opening starts over
   */
  static void install(
      Collection<ExecutionEntry> recovered,
      IMap<String, ExecutionEntry> executions,
      Function<ExecutionEntry, Installation> installation)
      throws InterruptedException {
    var slots = new Semaphore(UNDER_WAY_MAX);
    var failure = new AtomicReference<Throwable>();
    for (ExecutionEntry entry : recovered) {
      slots.acquire();
      executions
          .submitToKey(entry.state().key().text(), installation.apply(entry))
          .whenCompleteAsync(
              (unused, error) -> {
                if (error != null) {
                  failure.compareAndSet(null, error);
                }
                slots.release();
              },
              Runnable::run);
    }
    slots.acquire(UNDER_WAY_MAX);
    if (failure.get() != null) {
      throw new IllegalStateException("recovered executions could not be installed", failure.get());
    }
  }
}
