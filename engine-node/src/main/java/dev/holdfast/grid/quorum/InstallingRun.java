package dev.holdfast.grid.quorum;

import dev.holdfast.grid.Epochs;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the installation once for each epoch, on a thread of its own. Thread-safe. */
final class InstallingRun {
  private static final Logger LOG = LoggerFactory.getLogger(InstallingRun.class);
  private static final long AGAIN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Installing installing;
  private final Runnable ended;
  private @Nullable Thread thread;
  private @Nullable Thread before;
  private long epoch = Epochs.NONE;
  private boolean done;
  private volatile @Nullable Throwable failure;

  /**
   * @param ended told when a run has ended
   */
  InstallingRun(Installing installing, Runnable ended) {
    this.installing = installing;
    this.ended = ended;
  }

  /** Whether it is through for this epoch; starts it when it isn't even under way. */
  synchronized boolean isDone(long wanted) {
    if (epoch != wanted) {
      stop();
    }
    if (!done && thread == null) {
      begin(wanted);
    }
    return done;
  }

  private void begin(long wanted) {
    Thread predecessor = before;
    epoch = wanted;
    thread =
        Thread.ofPlatform()
            .name("holdfast-installing")
            .daemon()
            .unstarted(() -> run(predecessor, wanted));
    thread.start();
  }

  private void run(@Nullable Thread predecessor, long wanted) {
    try {
      if (predecessor != null) {
        predecessor.join();
      }
      installing.install();
      failure = null;
      ended(wanted, true);
    } catch (InterruptedException e) {
      LOG.info("The opening starts over, or has ended without this member");
      ended(wanted, false);
    } catch (RuntimeException e) {
      failure = e;
      LOG.error("Executions could not be installed; it is tried again", e);
      LockSupport.parkNanos(AGAIN_AFTER_NANOS);
      ended(wanted, false);
    }
  }

  private void ended(long wanted, boolean installed) {
    synchronized (this) {
      if (thread == Thread.currentThread()) {
        thread = null;
        done = installed && epoch == wanted;
      }
    }
    ended.run();
  }

  /** Ends what is under way; the next run waits until it has ended. */
  synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
      before = thread;
      thread = null;
    }
    epoch = Epochs.NONE;
    done = false;
  }

  /**
   * Ends the matter: the cluster is open.
   *
   * @return whether this member had installed what it has
   */
  synchronized boolean finish() {
    boolean installed = done;
    stop();
    return installed;
  }

  /** What the last run failed with; null: it didn't. */
  @Nullable Throwable failure() {
    return failure;
  }
}
