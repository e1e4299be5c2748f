package dev.holdfast.grid;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member's way out of its cluster, once. Thread-safe. */
final class Departure {
  private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

  /** Calls that were waiting are answered in this time, before the member leaves. */
  private static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** What is under way may take so long to become durable before the member goes on leaving. */
  private static final long QUIET_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final AtomicBoolean asked = new AtomicBoolean();
  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final Runnable handOver;
  private final Runnable refuse;
  private final BooleanSupplier quiet;
  private final Runnable leave;

  /**
   * @param handOver gives others what this member has, while everything is served as before
   * @param refuse takes no more work
   * @param quiet whether nothing is under way
   * @param leave ends what this member does in the cluster
   */
  Departure(Runnable handOver, Runnable refuse, BooleanSupplier quiet, Runnable leave) {
    this.handOver = handOver;
    this.refuse = refuse;
    this.quiet = quiet;
    this.leave = leave;
  }

  /** Begins, unless that was done; completes when the member has left. */
  CompletableFuture<Void> begin() {
    if (asked.compareAndSet(false, true)) {
      begun.complete(null);
      Thread.ofPlatform().name("holdfast-leaving").start(this::run);
    }
    return over.copy();
  }

  private void run() {
    try {
      handOver.run();
      refuse.run();
      awaitQuiet();
      leave.run();
      over.complete(null);
    } catch (RuntimeException e) {
      LOG.error("The member did not leave cleanly", e);
      over.completeExceptionally(e);
    }
  }

  private void awaitQuiet() {
    long now = System.nanoTime();
    long earliest = now + ANSWER_NANOS;
    long latest = now + QUIET_WITHIN_NANOS;
    while (now - earliest < 0 || (!quiet.getAsBoolean() && now - latest < 0)) {
      LockSupport.parkNanos(LOOK_NANOS);
      now = System.nanoTime();
    }
  }

  /** Completes when it has begun. */
  CompletableFuture<Void> begun() {
    return begun.copy();
  }

  boolean hasBegun() {
    return begun.isDone();
  }

  boolean isOver() {
    return over.isDone();
  }
}
