package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import java.time.Instant;
import java.util.List;

/** The fold: what the state is after an event. Pure; refuses nothing but corruption. */
public final class Evolver {
  private Evolver() {}

  /** The state after an execution's first event. */
  public static ExecutionState begin(
      Plan plan, ExecutionKey key, Event.ExecutionStarted event, Instant at) {
    throw new UnsupportedOperationException();
  }

  /**
   * The state after its next event.
   *
   * @throws IllegalStateException when the event can't have happened to this state
   */
  public static ExecutionState evolve(ExecutionState state, Event event, Instant at) {
    throw new UnsupportedOperationException();
  }

  /**
   * The state after its next events, all of one transition. Copies the list of tasks once.
   *
   * @throws IllegalStateException when one of the events can't have happened
   */
  public static ExecutionState evolve(ExecutionState state, List<Event> events, Instant at) {
    throw new UnsupportedOperationException();
  }
}
