package dev.holdfast.journal;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listener of committed batches, in order, on its own thread, so that the next commit
 * overlaps with what follows from the one before.
 */
final class DurableFeed implements AutoCloseable {
  /** Batches that may wait for the listener; the writer waits for it beyond that. */
  private static final int WAITING_MAX = 64;

  private static final Logger LOG = LoggerFactory.getLogger(DurableFeed.class);

  private final Journal.DurableListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final Thread thread;
  private boolean closed;
  private boolean ended;

  DurableFeed(Journal.DurableListener listener) {
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("holdfast-durable").daemon().start(this::run);
  }

  void put(List<JournalEntry.Content> batch) {
    lock.lock();
    try {
      while (waiting.size() >= WAITING_MAX) {
        changed.awaitUninterruptibly();
      }
      waiting.add(() -> tell(batch));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Completes it once the listener has been told of all that was put before. */
  void mark(CompletableFuture<Void> told) {
    lock.lock();
    try {
      if (ended) {
        told.complete(null);
        return;
      }
      waiting.add(() -> told.complete(null));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      Runnable next;
      lock.lock();
      try {
        while (waiting.isEmpty()) {
          if (closed) {
            ended = true;
            return;
          }
          changed.awaitUninterruptibly();
        }
        if (waiting.size() == WAITING_MAX) {
          changed.signalAll();
        }
        next = waiting.remove();
      } finally {
        lock.unlock();
      }
      next.run();
    }
  }

  private void tell(List<JournalEntry.Content> batch) {
    try {
      listener.onDurable(batch);
    } catch (RuntimeException e) {
      // Effects can be lost and are derived anew (Effect); the journal must go on.
      LOG.error("What follows from a commit of {} entries failed", batch.size(), e);
    }
  }

  /** Tells of what waits, then stops. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Joining.join(thread);
  }
}
