package dev.holdfast.core;

import java.util.List;

/** Derives effects from events, and from a state alone where the events were somebody else's. */
public final class Effects {
  private Effects() {}

  /** What follows from these events, which led to this state. */
  public static List<Effect> of(ExecutionState after, List<Event> events) {
    throw new UnsupportedOperationException();
  }

  /**
   * What a member that comes to own this state has to do: offers, timers, and deliveries' leases
   * (as {@link Effect.DeliverTask}, which the shell takes as held by an unknown worker).
   */
  public static List<Effect> recover(ExecutionState state) {
    throw new UnsupportedOperationException();
  }
}
