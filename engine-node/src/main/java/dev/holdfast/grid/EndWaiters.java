package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * Who waits for executions to end. Whoever no longer waits, however that came, leaves nothing
 * behind. Thread-safe.
 */
final class EndWaiters {
  private final ConcurrentMap<ExecutionKey, List<CompletableFuture<ExecutionState>>> waiting =
      new ConcurrentHashMap<>();

  /** Completes with the next {@link #ended}. The caller may complete or cancel it. */
  CompletableFuture<ExecutionState> await(ExecutionKey key) {
    var end = new CompletableFuture<ExecutionState>();
    waiting.merge(
        key, List.of(end), (before, one) -> Stream.concat(before.stream(), one.stream()).toList());
    end.whenComplete((state, failure) -> forget(key, end));
    return end;
  }

  /** The execution has ended. Runs what waits for it. */
  void ended(ExecutionState state) {
    List<CompletableFuture<ExecutionState>> all = waiting.remove(state.key());
    if (all != null) {
      all.forEach(end -> end.complete(state));
    }
  }

  /** Executions that somebody waits for. */
  int size() {
    return waiting.size();
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
