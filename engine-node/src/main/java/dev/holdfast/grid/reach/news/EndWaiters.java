package dev.holdfast.grid.reach.news;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Who waits for executions to end. Whoever no longer waits, however that came, leaves nothing
 * behind. Thread-safe.
 */
public final class EndWaiters {
  private final ConcurrentMap<ExecutionKey, List<CompletableFuture<ExecutionState>>> waiting =
      new ConcurrentHashMap<>();

  private volatile Consumer<ExecutionState> listener = state -> {};

  /** From now on the listener hears of every end on this member. */
  void onEnded(Consumer<ExecutionState> onEnded) {
    listener = onEnded;
  }

  /** Completes with the next {@link #ended}. The caller may complete or cancel it. */
  public CompletableFuture<ExecutionState> await(ExecutionKey key) {
    var end = new CompletableFuture<ExecutionState>();
    waiting.merge(
        key, List.of(end), (before, one) -> Stream.concat(before.stream(), one.stream()).toList());
    end.whenComplete((state, failure) -> forget(key, end));
    return end;
  }

  /** The execution has ended on this member, durably. Runs what waits for it. */
  public void ended(ExecutionState state) {
    complete(state);
    listener.accept(state);
  }

  /** The execution has ended, wherever that was. */
  void complete(ExecutionState state) {
    List<CompletableFuture<ExecutionState>> all = waiting.remove(state.key());
    if (all != null) {
      all.forEach(end -> end.complete(state));
    }
  }

  /** Executions that somebody waits for. */
  Set<ExecutionKey> keys() {
    return waiting.keySet();
  }

  private void forget(ExecutionKey key, CompletableFuture<ExecutionState> gone) {
    waiting.computeIfPresent(
        key,
        (unused, all) -> {
          var left = all.stream().filter(end -> end != gone).toList();
          return left.isEmpty() ? null : left;
        });
  }
}
