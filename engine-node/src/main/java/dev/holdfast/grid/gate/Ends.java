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
    ExecutionState state = engine.find(key).orElse(null);
    if (state == null) {
      return Refusals.noExecution(key);
    }
    if (state.status().isEnded()) {
      return new Reply.Ended(result(state));
    }
    expect(client, key);
    return Reply.Done.CHANGED;
  }

  /** Has the end pushed to the client, once, however often it asks. */
  public void expect(UUID client, ExecutionKey key) {
    Watch watch = new Watch(client, key);
    if (watches.containsKey(watch)) {
      return;
    }
    CompletableFuture<ExecutionState> end = engine.whenEnded(key);
    watches.put(watch, end);
    end.whenComplete((state, failure) -> {
      watches.remove(watch, end);
      if (failure == null) {
        sessions.push(client, new Push.Ended(result(state)));
      }
    });
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
