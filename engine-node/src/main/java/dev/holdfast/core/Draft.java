package dev.holdfast.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A decision in the making: the events so far, and the state that they led to. Of use to one
 * thread, within one call.
 */
final class Draft {
  private final Fold fold;
  private final Instant now;
  private final List<Event> events = new ArrayList<>(4);

  private Draft(Fold fold, Instant now) {
    this.fold = fold;
    this.now = now;
  }

  static Draft of(ExecutionState state, Instant now) {
    return new Draft(new Fold(state), now);
  }

  /** The first event, which {@code begun} holds already. */
  static Draft beginning(Fold begun, Event.ExecutionStarted first, Instant now) {
    var draft = new Draft(begun, now);
    draft.events.add(first);
    return draft;
  }

  void emit(Event event) {
    fold.apply(event, now);
    events.add(event);
  }

  /** The state so far. */
  Fold fold() {
    return fold;
  }

  Instant now() {
    return now;
  }

  /** Whether this time has come. */
  boolean isDue(Instant time) {
    return !now.isBefore(time);
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** The task of the plan with this index. */
  PlannedTask planned(int index) {
    return fold.plan().tasks().get(index);
  }

  Decision accepted() {
    if (!events.isEmpty()
        && fold.payloadBytes() >= Limits.STATE_BYTES_LARGE
        && !fold.large()
        && !fold.status().isEnded()) {
      emit(new Event.StateGrewLarge(fold.payloadBytes(), Limits.STATE_BYTES_MAX));
    }
    return new Decision.Accepted(events);
  }
}
