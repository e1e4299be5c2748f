package dev.holdfast.grid.kin;

import dev.holdfast.api.ExecutionKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be said to other executions on behalf of one that this member owns: each errand on a
 * virtual thread of its own, tried again until it is done or the execution is another member's. Of
 * the same errand one runs at a time; asked for meanwhile, it runs once more. Thread-safe.
 */
final class Errands implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Errands.class);
  private static final long PAUSE_MILLIS_MIN = 50;
  private static final long PAUSE_MILLIS_MAX = 5000;

  /**
   * Names an errand.
   *
   * @param execution on whose behalf
   * @param what kind it is
   * @param task of that execution; empty: of none
   */
  record Key(ExecutionKey execution, String what, String task, int attempt) {}

  /** What is done; may block, and throws what passes. */
  @FunctionalInterface
  interface Errand {
    void run() throws InterruptedException;
  }

  private final Predicate<ExecutionKey> isOwned;
  private final Map<Key, Errand> wanted = new ConcurrentHashMap<>();

  /** How many are wanted on an execution's behalf. */
  private final Map<ExecutionKey, Integer> counts = new ConcurrentHashMap<>();

  private final CountDownLatch closing = new CountDownLatch(1);

  Errands(Predicate<ExecutionKey> isOwned) {
    this.isOwned = isOwned;
  }

  /** Returns at once. */
  void run(Key key, Errand errand) {
    if (wanted.put(key, errand) == null) {
      counts.merge(key.execution(), 1, Integer::sum);
      Thread.startVirtualThread(() -> untilDone(key, errand));
    }
  }

  /** Whether something is still to be said on the execution's behalf. */
  boolean isBusy(ExecutionKey execution) {
    return counts.containsKey(execution);
  }

  private void untilDone(Key key, Errand first) {
    Errand errand = first;
    long pauseMillis = PAUSE_MILLIS_MIN;
    try {
      while (closing.getCount() > 0 && isOwned.test(key.execution())) {
        if (isDone(key, errand)) {
          if (wanted.remove(key, errand)) {
            gone(key);
            return;
          }
          pauseMillis = PAUSE_MILLIS_MIN;
        } else if (closing.await(pauseMillis, TimeUnit.MILLISECONDS)) {
          break;
        } else {
          pauseMillis = Math.min(2 * pauseMillis, PAUSE_MILLIS_MAX);
        }
        errand = wanted.getOrDefault(key, errand);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    wanted.remove(key);
    gone(key);
  }

  private void gone(Key key) {
    counts.computeIfPresent(key.execution(), (execution, count) -> count == 1 ? null : count - 1);
  }

  private static boolean isDone(Key key, Errand errand) throws InterruptedException {
    try {
      errand.run();
      return true;
    } catch (RuntimeException e) {
      LOG.debug("{} is tried again", key, e);
      return false;
    }
  }

  /** Nothing is tried again from now on. */
  @Override
  public void close() {
    closing.countDown();
  }
}
