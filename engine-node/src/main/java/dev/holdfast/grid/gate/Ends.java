package dev.holdfast.grid.gate;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionResult;
import dev.holdfast.client.wire.Push;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.Engine;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Tells clients of the ends of executions that they watch. Thread-safe. */
public final class Ends {
  private record Watch(UUID client, ExecutionKey key) {}

  private final Engine engine;
  private final GateSessions sessions;
  private final Map<Watch, CompletableFuture<ExecutionState>> watches = new ConcurrentHashMap<>();

  public Ends(Engine engine, GateSessions sessions) {
    this.engine = engine;
    this.sessions = sessions;
  }

  /**
   * Has the end pushed to the client. Blocks.
   *
   * @return the end at once if it has come
   */
  public Reply watch(UUID client, ExecutionKey key) {
    // Looked up after the registration, so that an end in between is not missed.
    CompletableFuture<ExecutionState> end = expect(client, key);
    ExecutionState state = engine.find(key).orElse(null);
    if (state != null && !state.status().isEnded()) {
      return Reply.Done.CHANGED;
    }
    end.cancel(false);
    return state == null ? Refusals.noExecution(key) : new Reply.Ended(result(state));
  }

  /**
   * Has the end of an execution that is about to be started pushed to the client.
   *
   * @return to be cancelled when the start is refused
   */
  public CompletableFuture<ExecutionState> expect(UUID client, ExecutionKey key) {
    Watch watch = new Watch(client, key);
    CompletableFuture<ExecutionState> known = watches.get(watch);
    if (known != null) {
      return known;
    }
    CompletableFuture<ExecutionState> end = engine.nextEnd(key);
    watches.put(watch, end);
    end.whenComplete((state, failure) -> {
      watches.remove(watch, end);
      if (failure == null) {
        sessions.push(client, new Push.Ended(result(state)));
      }
    });
    return end;
  }

  /** Pushes the end to the client if it has come. Blocks. */
  public void push(UUID client, ExecutionKey key) {
    if (watch(client, key) instanceof Reply.Ended ended) {
      sessions.push(client, new Push.Ended(ended.result()));
    }
  }

  /** Nobody is left to be told. */
  public void disconnected(UUID client) {
    watches.forEach((watch, end) -> {
      if (watch.client().equals(client)) {
        end.cancel(false);
      }
    });
  }

  private static ExecutionResult result(ExecutionState state) {
    return new ExecutionResult(state.key().id(), state.status(), state.output(), state.error());
  }
}
