package dev.holdfast.client;

import dev.holdfast.api.ExecutionResult;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The executions whose end somebody waits for. Members push it; a slow re-check makes up for a push
 * that was lost. Thread-safe.
 */
final class Watches implements AutoCloseable {
  private static final Duration RECHECK = Duration.ofSeconds(15);
  private static final Executor VIRTUAL = command -> Thread.ofVirtual().start(command);

  private final Cluster cluster;
  private final ConcurrentMap<String, CompletableFuture<ExecutionResult>> waiting =
      new ConcurrentHashMap<>();

  /** Those whose start is still under way: no member knows them yet. */
  private final Set<String> starting = ConcurrentHashMap.newKeySet();

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
    starting.add(execution);
    return expect(execution);
  }

  /** The start was answered, well or not. */
  void started(String execution) {
    starting.remove(execution);
  }

  private CompletableFuture<ExecutionResult> expect(String execution) {
    return waiting.computeIfAbsent(execution, unused -> new CompletableFuture<>());
  }

  void forget(String execution, CompletableFuture<ExecutionResult> expected) {
    waiting.remove(execution, expected);
  }

  /** The end of any execution; asks for it. The caller may complete what it gets. */
  CompletableFuture<ExecutionResult> watch(String execution) {
    CompletableFuture<ExecutionResult> end = expect(execution);
    ask(execution, end);
    return end.copy();
  }

  /** A member says that it has ended. */
  void ended(ExecutionResult result) {
    CompletableFuture<ExecutionResult> end = waiting.remove(result.id());
    if (end != null) {
      end.completeAsync(() -> result, VIRTUAL);
    }
  }

  /** Asks again for all, in case a push was lost. */
  void recheck() {
    waiting.forEach((execution, end) -> {
      if (!starting.contains(execution)) {
        ask(execution, end);
      }
    });
  }

  private void ask(String execution, CompletableFuture<ExecutionResult> end) {
    cluster
        .send(new Request.Watch(execution), cluster.commandTimeout())
        .whenComplete((reply, failure) -> {
          switch (reply) {
            case null -> {
              // The next re-check asks again: who waits has its own time-out.
            }
            case Reply.Ended ended -> ended(ended.result());
            case Reply.Refused refused when !refused.isTransient() -> {
              forget(execution, end);
              VIRTUAL.execute(() -> end.completeExceptionally(Replies.exception(refused)));
            }
            case Reply.Refused _, Reply.Done _, Reply.Body _, Reply.BeatSeen _ -> {
              // It has not ended: the push will tell.
            }
          }
        });
  }

  @Override
  public void close() {
    var closed = new CancellationException("the client was closed");
    waiting.values().forEach(end -> end.completeExceptionally(closed));
    waiting.clear();
  }
}
