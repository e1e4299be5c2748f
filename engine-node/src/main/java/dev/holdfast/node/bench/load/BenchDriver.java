package dev.holdfast.node.bench.load;

import dev.holdfast.api.ExecutionResult;
import dev.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Starts workflows, so many at a time, and measures them. One run an instance. */
public final class BenchDriver {
  /** How long nothing may end before what is under way counts as lost. */
  private static final Duration STALL_MAX = Duration.ofSeconds(60);

  private final HoldfastClient holdfast;
  private final Map<String, Object> input;
  private final Semaphore slots;
  private final int concurrency;
  private final long startIntervalNanos;
  private final Latencies start = new Latencies();
  private final Latencies endToEnd = new Latencies();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private double seconds;

  /**
   * @param concurrency workflows under way at once
   * @param startInterval least time between two starts
   */
  public BenchDriver(
      HoldfastClient holdfast, Map<String, Object> input, int concurrency, Duration startInterval) {
    this.startIntervalNanos = startInterval.toNanos();
    this.holdfast = holdfast;
    this.input = input;
    this.concurrency = concurrency;
    this.slots = new Semaphore(concurrency);
  }

  /** Runs so many workflows, or fewer when the time is up first; returns when all have ended. */
  public BenchDriver run(int workflows, Duration atMost) throws InterruptedException {
    long begunNanos = System.nanoTime();
    long lastNanos = begunNanos + Math.min(atMost.toNanos(), Long.MAX_VALUE / 2);
    boolean stalled = false;
    for (int i = 0; i < workflows && !stalled && System.nanoTime() < lastNanos; i++) {
      awaitTurn(begunNanos + i * startIntervalNanos);
      stalled = !slots.tryAcquire(STALL_MAX.toSeconds(), TimeUnit.SECONDS);
      if (!stalled) {
        startOne();
      }
    }
    int ended = -1;
    while (!stalled && !slots.tryAcquire(concurrency, STALL_MAX.toSeconds(), TimeUnit.SECONDS)) {
      stalled = ended == ended();
      ended = ended();
    }
    seconds = (System.nanoTime() - begunNanos) / 1e9;
    return this;
  }

  private static void awaitTurn(long atNanos) {
    for (long left = atNanos - System.nanoTime(); left > 0; left = atNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void startOne() {
    long startNanos = System.nanoTime();
    holdfast
        .startAsync(BenchDefinition.NAME, input)
        .thenCompose(execution -> {
          start.recordNanos(System.nanoTime() - startNanos);
          acknowledged.incrementAndGet();
          return execution.awaitResultAsync();
        })
        .whenComplete((result, failure) -> ended(startNanos, result, failure));
  }

  private void ended(
      long startNanos, @Nullable ExecutionResult result, @Nullable Throwable failure) {
    if (failure != null || result == null) {
      refused.incrementAndGet();
    } else {
      endToEnd.recordNanos(System.nanoTime() - startNanos);
      (result.isCompleted() ? completed : failed).incrementAndGet();
    }
    slots.release();
  }

  private int ended() {
    return completed.get() + failed.get() + refused.get();
  }

  /** Start call until its durable acknowledgement. */
  public Latencies start() {
    return start;
  }

  /** Start call until the result was known. */
  public Latencies endToEnd() {
    return endToEnd;
  }

  /** Starts that were acknowledged. */
  public int acknowledged() {
    return acknowledged.get();
  }

  /** Those that ended well. */
  public int completed() {
    return completed.get();
  }

  /** Those that ended otherwise. */
  public int failed() {
    return failed.get();
  }

  /** From the first start to the last end. */
  public double seconds() {
    return seconds;
  }
}
