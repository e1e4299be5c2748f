package dev.holdfast.client;

import dev.holdfast.api.ExecutionResult;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The executions whose end somebody waits for. Their owners push it. Who comes to own one later
 * does not know of the watch and is asked anew; a slow re-check makes up for a push that was lost.
 * Thread-safe.
 */
final class Watches implements AutoCloseable {
  private static final Duration RECHECK = Duration.ofSeconds(15);
  private static final Executor VIRTUAL = command -> Thread.ofVirtual().start(command);

  private static final class Waiting {
    final CompletableFuture<ExecutionResult> end = new CompletableFuture<>();

    /** No member knows it yet: its start is under way. */
    volatile boolean starting;

    /** Who is to push the end. */
    volatile @Nullable UUID owner;
  }

  private final Cluster cluster;
  private final ConcurrentMap<String, Waiting> waiting = new ConcurrentHashMap<>();
  private volatile long ownership;

  Watches(Cluster cluster) {
    this.cluster = cluster;
  }

  void begin() {
    cluster
        .timer()
        .scheduleWithFixedDelay(
            this::recheck, RECHECK.toMillis(), RECHECK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The end of an execution whose start, still to be sent, asks the member to push it. */
  CompletableFuture<ExecutionResult> expectStarted(String execution) {
    Waiting one = expect(execution);
    one.starting = true;
    one.owner = cluster.ownerOf(execution);
    return one.end;
  }

  /** The start was answered, well or not. */
  void started(String execution) {
    Waiting one = waiting.get(execution);
    if (one != null) {
      one.starting = false;
      if (!cluster.isOwner(one.owner, execution)) {
        ask(execution, one);
      }
    }
  }

  private Waiting expect(String execution) {
    return waiting.computeIfAbsent(execution, unused -> new Waiting());
  }

  void forget(String execution, CompletableFuture<ExecutionResult> expected) {
    waiting.computeIfPresent(execution, (id, one) -> one.end == expected ? null : one);
  }

  /** The end of any execution; asks for it. The caller may complete what it gets. */
  CompletableFuture<ExecutionResult> watch(String execution) {
    Waiting one = expect(execution);
    ask(execution, one);
    return one.end.copy();
  }

  /** A member says that it has ended. */
  void ended(ExecutionResult result) {
    Waiting one = waiting.remove(result.id());
    if (one != null) {
      one.end.completeAsync(() -> result, VIRTUAL);
    }
  }

  /** Asks again for all, in case a push was lost. */
  void recheck() {
    waiting.forEach((execution, one) -> {
      if (!one.starting) {
        ask(execution, one);
      }
    });
  }

  /** Asks the new owners of those that have one. Cheap when nothing has changed. */
  void ownersMayHaveChanged() {
    long now = cluster.ownership();
    if (now == ownership) {
      return;
    }
    ownership = now;
    waiting.forEach((execution, one) -> {
      if (!one.starting && !cluster.isOwner(one.owner, execution)) {
        ask(execution, one);
      }
    });
  }

  private void ask(String execution, Waiting one) {
    one.owner = cluster.ownerOf(execution);
    cluster
        .send(new Request.Watch(execution), cluster.commandTimeout())
        .whenComplete((reply, failure) -> {
          switch (reply) {
            case null -> {
              // The next re-check asks again: who waits has its own time-out.
            }
            case Reply.Ended ended -> ended(ended.result());
            case Reply.Refused refused when !refused.isTransient() -> {
              forget(execution, one.end);
              VIRTUAL.execute(() -> one.end.completeExceptionally(Replies.exception(refused)));
            }
            case Reply.Refused _,
                Reply.Done _,
                Reply.Body _,
                Reply.BeatSeen _,
                Reply.Recalled _ -> {
              // It has not ended: the push will tell.
            }
          }
        });
  }

  @Override
  public void close() {
    var closed = new CancellationException("the client was closed");
    waiting.values().forEach(one -> one.end.completeExceptionally(closed));
    waiting.clear();
  }
}
