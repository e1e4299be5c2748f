package dev.holdfast.node.bench.load;

import dev.holdfast.api.ExecutionResult;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps so many workflows under way while members come and go, looks at one of them now and then,
 * and counts what its calls met with. Thread-safe.
 */
public final class Load implements AutoCloseable {
  private static final Duration END_WAIT_MAX = Duration.ofSeconds(90);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int FAILURES_KEPT_MAX = 20;

  private final HoldfastClient holdfast;
  private final Map<String, Object> input;
  private final int concurrency;
  private final Semaphore slots;
  private final Map<String, ExecutionHandle> underWay = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Long>> followed = new ConcurrentHashMap<>();
  private final Latencies starts = new Latencies();
  private final Latencies views = new Latencies();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger failedCalls = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Thread starter;
  private final Thread viewer;
  private volatile boolean open = true;

  /**
   * Begins at once.
   *
   * @param concurrency workflows under way at once
   */
  public Load(HoldfastClient holdfast, Map<String, Object> input, int concurrency) {
    this.holdfast = holdfast;
    this.input = input;
    this.concurrency = concurrency;
    this.slots = new Semaphore(concurrency);
    this.starter = Thread.ofPlatform().name("bench-load").start(this::keepStarting);
    this.viewer = Thread.ofPlatform().name("bench-views").start(this::keepLooking);
  }

  private void keepStarting() {
    while (open) {
      slots.acquireUninterruptibly();
      startOne();
    }
  }

  private void startOne() {
    long begunNanos = System.nanoTime();
    calls.incrementAndGet();
    holdfast
        .startAsync(BenchDefinition.NAME, input)
        .whenComplete((execution, failure) -> {
          starts.recordNanos(System.nanoTime() - begunNanos);
          if (failure != null) {
            callFailed("start", failure);
            slots.release();
            return;
          }
          acknowledged.incrementAndGet();
          underWay.put(execution.id(), execution);
          execution
              .awaitResultAsync()
              .whenComplete((result, lost) -> ended(execution, result, lost));
        });
  }

  private void ended(
      ExecutionHandle execution, @Nullable ExecutionResult result, @Nullable Throwable failure) {
    underWay.remove(execution.id());
    if (failure != null || result == null) {
      callFailed("wait for " + execution.id(), failure);
    } else {
      (result.isCompleted() ? completed : failed).incrementAndGet();
      CompletableFuture<Long> follower = followed.get(execution.id());
      if (follower != null) {
        follower.complete(System.nanoTime());
      }
    }
    slots.release();
  }

  private void keepLooking() {
    while (open) {
      underWay.values().stream().findAny().ifPresent(this::look);
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void look(ExecutionHandle execution) {
    long begunNanos = System.nanoTime();
    calls.incrementAndGet();
    try {
      execution.view();
    } catch (RuntimeException e) {
      callFailed("view of " + execution.id(), e);
    }
    views.recordNanos(System.nanoTime() - begunNanos);
  }

  private void callFailed(String call, @Nullable Throwable failure) {
    if (failedCalls.incrementAndGet() <= FAILURES_KEPT_MAX) {
      failures.add(call + ": " + failure);
    }
  }

  /** Acknowledged executions that have not ended, as far as is known here. */
  public Set<String> underWay() {
    return Set.copyOf(underWay.keySet());
  }

  /** Completes with {@code System.nanoTime()} when this client hears of the execution's end. */
  public CompletableFuture<Long> follow(String execution) {
    var end = new CompletableFuture<Long>();
    followed.put(execution, end);
    if (!underWay.containsKey(execution)) {
      end.complete(System.nanoTime());
    }
    return end;
  }

  /** Nobody waits for the ends of those that were followed any more. */
  public void unfollow() {
    followed.clear();
  }

  /**
   * Starts nothing more and waits for what is under way, for a bounded time.
   *
   * @return acknowledged executions that have not ended by then: they are lost
   */
  public int finish() throws InterruptedException {
    open = false;
    starter.join();
    viewer.join();
    if (!slots.tryAcquire(concurrency, END_WAIT_MAX.toSeconds(), TimeUnit.SECONDS)) {
      failures.add("no end of " + underWay.keySet().stream().limit(5).toList());
    }
    return acknowledged.get() - completed.get() - failed.get();
  }

  /** Starts and looks. */
  public int calls() {
    return calls.get();
  }

  /** Calls that ended with an exception, after all retries inside the client. */
  public int failedCalls() {
    return failedCalls.get();
  }

  /** The first of those failures. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Executions that ended well. */
  public int completed() {
    return completed.get();
  }

  /** Executions that ended otherwise. */
  public int failed() {
    return failed.get();
  }

  /** Start call until its durable acknowledgement. */
  public Latencies starts() {
    return starts;
  }

  /** Views. */
  public Latencies views() {
    return views;
  }

  @Override
  public void close() {
    open = false;
    slots.release(concurrency);
  }
}
