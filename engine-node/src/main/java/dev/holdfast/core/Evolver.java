package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The fold: what the state is after an event. Pure; refuses nothing but corruption. */
public final class Evolver {
  private Evolver() {}

  /** The state after an execution's first event. */
  public static ExecutionState begin(
      Plan plan, ExecutionKey key, Event.ExecutionStarted event, Instant at) {
    return fold(plan, key, event, at).finish();
  }

  /**
   * The state after its next event.
   *
   * @throws IllegalStateException when the event can't have happened to this state
   */
  public static ExecutionState evolve(ExecutionState state, Event event, Instant at) {
    var fold = new Fold(state);
    fold.apply(event, at);
    return fold.finish();
  }

  /**
   * The state after its next events, all of one transition. Copies the list of tasks once.
   *
   * @throws IllegalStateException when one of the events can't have happened
   */
  public static ExecutionState evolve(ExecutionState state, List<Event> events, Instant at) {
    var fold = new Fold(state);
    for (Event event : events) {
      fold.apply(event, at);
    }
    return fold.finish();
  }

  static Fold fold(Plan plan, ExecutionKey key, Event.ExecutionStarted event, Instant at) {
    var header =
        new ExecutionHeader(
            plan,
            key,
            event.input(),
            event.attributes(),
            event.session(),
            event.priority(),
            Duration.between(at, event.deadline()),
            event.by(),
            event.requestDigest(),
            at,
            event.parent());
    return new Fold(header, event, at);
  }
}
