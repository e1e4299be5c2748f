package dev.holdfast.grid;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that does what is due by the clock: one round every 8 ms. */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(8);
  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Runnable round;
  private final Runnable sweep;
  private final Thread thread;
  private volatile boolean open = true;

  /**
   * Begins at once.
   *
   * @param round what is done in every round
   * @param sweep what is done every 100 ms
   */
  Upkeep(Runnable round, Runnable sweep) {
    this.round = round;
    this.sweep = sweep;
    this.thread = Thread.ofPlatform().name("holdfast-upkeep").daemon().start(this::run);
  }

  private void run() {
    long sweepAt = System.nanoTime();
    while (open) {
      try {
        round.run();
        if (System.nanoTime() - sweepAt >= 0) {
          sweep.run();
          sweepAt = System.nanoTime() + SWEEP_NANOS;
        }
      } catch (RuntimeException e) {
        LOG.error("upkeep failed, it goes on", e);
      }
      LockSupport.parkNanos(ROUND_NANOS);
    }
  }

  /** Returns when the round that is under way has ended. */
  @Override
  public void close() {
    open = false;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
