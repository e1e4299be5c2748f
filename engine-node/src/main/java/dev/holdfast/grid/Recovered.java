package dev.holdfast.grid;

import com.hazelcast.map.IMap;
import dev.holdfast.journal.ExecutionEntry;
import java.util.Collection;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The way of recovered executions into the map. Thread-safe. */
final class Recovered {
  /** Installations under way at once. */
  private static final int UNDER_WAY_MAX = 1000;

  private final IMap<String, ExecutionEntry> executions;
  private final Function<ExecutionEntry, Installation> installation;
  private final Semaphore slots = new Semaphore(UNDER_WAY_MAX);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Recovered(
      IMap<String, ExecutionEntry> executions,
      Function<ExecutionEntry, Installation> installation) {
    this.executions = executions;
    this.installation = installation;
  }

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
    var all = new Recovered(executions, installation);
    for (ExecutionEntry entry : recovered) {
      all.slots.acquire();
      all.submit(entry);
    }
    all.await();
  }

  /** Puts it into the map, soon; waits while too many are under way. */
  void put(ExecutionEntry entry) {
    slots.acquireUninterruptibly();
    submit(entry);
  }

  private void submit(ExecutionEntry entry) {
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

  /**
   * Returns when all that were put are there.
   *
   * @throws IllegalStateException when the grid did not take one
   */
  void await() throws InterruptedException {
    slots.acquire(UNDER_WAY_MAX);
    slots.release(UNDER_WAY_MAX);
    if (failure.get() != null) {
      throw new IllegalStateException("recovered executions could not be installed", failure.get());
    }
  }
}
