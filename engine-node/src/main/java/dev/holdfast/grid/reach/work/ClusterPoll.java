package dev.holdfast.grid.reach.work;

import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.reach.news.Demand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One poll of the whole cluster, on a virtual thread of its own. It asks every member that may have
 * work for it; then it waits here, and asks others as soon as they say that they have some. Only
 * ever one member at a time can give it tasks, so it never gets more than it asked for.
 */
final class ClusterPoll implements Runnable {
  final AgentProfile profile;
  final Demand demand;
  final int max;
  final CompletableFuture<List<Assignment>> answer = new CompletableFuture<>();

  private final WorkSearch search;
  private final Consumer<Assignment> giveBack;
  private final long deadlineNanos;

  /** One permit at most: something has happened that the poll should look at. */
  private final Semaphore signal = new Semaphore(0);

  private final AtomicBoolean woken = new AtomicBoolean();

  ClusterPoll(
      AgentProfile profile,
      int max,
      Duration wait,
      WorkSearch search,
      Consumer<Assignment> giveBack) {
    this.profile = profile;
    this.demand = Demand.of(profile);
    this.max = max;
    this.search = search;
    this.giveBack = giveBack;
    this.deadlineNanos = System.nanoTime() + wait.toNanos();
    answer.whenComplete((tasks, failure) -> signal.release());
  }

  /**
   * Another member may have work for it.
   *
   * @return false when it looks already
   */
  boolean wake() {
    boolean first = woken.compareAndSet(false, true);
    if (first) {
      signal.release();
    }
    return first;
  }

  /** Whether nobody waits for its answer any more. */
  boolean isOver() {
    return answer.isDone();
  }

  @Override
  public void run() {
    try {
      List<Assignment> tasks = search();
      if (!answer.complete(tasks)) {
        tasks.forEach(giveBack);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.complete(List.of());
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private List<Assignment> search() throws InterruptedException {
    boolean waits = remainingNanos() > 0;
    List<Assignment> tasks =
        waits && !search.mayHaveWork(demand) ? List.of() : search.round(this, true);
    if (!tasks.isEmpty() || !waits) {
      return tasks;
    }
    search.waits(this);
    try {
      if (search.mayHaveWork(demand)) {
        // It was said just before this poll could hear of it.
        wake();
      }
      while (tasks.isEmpty() && !isOver() && remainingNanos() > 0) {
        tasks = waitHere();
        if (tasks.isEmpty() && !isOver() && woken.getAndSet(false)) {
          tasks = search.round(this, false);
        }
      }
      return tasks;
    } finally {
      search.waitsNoMore(this);
      if (woken.get()) {
        search.passOn(demand);
      }
    }
  }

  /** Takes what becomes ready here, until that comes, or there is something elsewhere. */
  private List<Assignment> waitHere() throws InterruptedException {
    AgentDispatcher.OpenPoll here =
        search.here().begin(profile, max, Duration.ofNanos(Math.max(1, remainingNanos())));
    here.answer().whenComplete((tasks, failure) -> signal.release());
    try {
      if (!woken.get()) {
        signal.tryAcquire(remainingNanos(), TimeUnit.NANOSECONDS);
      }
    } finally {
      here.stop().run();
    }
    signal.drainPermits();
    return here.answer().join();
  }

  private long remainingNanos() {
    return deadlineNanos - System.nanoTime();
  }
}
