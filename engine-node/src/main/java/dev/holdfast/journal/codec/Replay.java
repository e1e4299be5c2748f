package dev.holdfast.journal.codec;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Event;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.PlanResolver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Folds stored events into a state. Events that it has had already are passed over, since runs of
 * stored events may overlap; a missing one is damage. Not thread-safe.
 */
public final class Replay {
  private final ExecutionKey key;
  private final PlanResolver plans;
  private final List<Event> pending = new ArrayList<>();
  private @Nullable ExecutionState state;
  private @Nullable Instant pendingAt;
  private long seq;

  /**
   * @param state where to begin; null: before the first event
   */
  public Replay(ExecutionKey key, @Nullable ExecutionState state, PlanResolver plans) {
    this.key = key;
    this.plans = plans;
    this.state = state;
    this.seq = state == null ? 0 : state.seq();
  }

  /** Number of the last event that was applied. */
  public long seq() {
    return seq;
  }

  /**
   * Applies the next event.
   *
   * @throws CodecException when events before it are missing, or it can't have happened
   */
  public void apply(HistoryItem item) {
    if (item.seq() <= seq) {
      return;
    }
    if (item.seq() != seq + 1) {
      throw new CodecException("events " + (seq + 1) + " to " + (item.seq() - 1) + " are missing");
    }
    seq = item.seq();
    if (state == null) {
      state = begin(item);
      return;
    }
    // Events of one transition share their time and are folded in one go, which copies less.
    if (!item.at().equals(pendingAt)) {
      flush();
      pendingAt = item.at();
    }
    pending.add(item.event());
  }

  private ExecutionState begin(HistoryItem item) {
    if (item.event() instanceof Event.ExecutionStarted started) {
      Plan plan = plans.resolve(key.tenant(), started.definition(), started.version());
      return Evolver.begin(plan, key, started, item.at());
    }
    throw new CodecException("begins with " + item.event().getClass().getSimpleName());
  }

  private void flush() {
    ExecutionState before = state;
    Instant at = pendingAt;
    if (before != null && at != null && !pending.isEmpty()) {
      try {
        state = Evolver.evolve(before, List.copyOf(pending), at);
      } catch (IllegalStateException | IllegalArgumentException e) {
        throw new CodecException(
            "events " + (before.seq() + 1) + " to " + seq + " don't fit: " + e.getMessage(), e);
      }
      pending.clear();
    }
  }

  /**
   * The state after all that was applied; null when that was nothing.
   *
   * @throws CodecException as {@link #apply}
   */
  public @Nullable ExecutionState state() {
    flush();
    return state;
  }
}
