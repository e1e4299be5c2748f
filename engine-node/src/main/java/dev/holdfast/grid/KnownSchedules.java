package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The schedules that this member owns. Derived: made from the states, and again by whoever comes to
 * own them. Thread-safe.
 */
public final class KnownSchedules {
  private final Map<ExecutionKey, ExecutionState> known = new ConcurrentHashMap<>();

  /** The schedule is so now. */
  void changed(ExecutionState state) {
    known.merge(state.key(), state, (before, next) -> next.seq() < before.seq() ? before : next);
  }

  /** Whether it is listed. */
  boolean isListed(ExecutionKey key) {
    return known.containsKey(key);
  }

  /** The schedule is no more. */
  void ended(ExecutionKey key) {
    known.remove(key);
  }

  /** Forgets those of these executions. */
  void drop(Predicate<ExecutionKey> moved) {
    known.keySet().removeIf(moved);
  }

  /** How many there are. */
  public int count() {
    return known.size();
  }

  /** All of a tenant's, in no particular order. */
  public Stream<ExecutionState> of(String tenant) {
    return known.values().stream().filter(state -> state.key().tenant().equals(tenant));
  }
}
