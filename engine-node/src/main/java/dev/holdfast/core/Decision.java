package dev.holdfast.core;

import java.util.List;

/** What {@link Decider} says to a command. */
public sealed interface Decision {
  /** It holds: these events follow, none when it was a repeat or there was nothing to do. */
  record Accepted(List<Event> events) implements Decision {
    public Accepted {
      events = List.copyOf(events);
    }
  }

  /** It is refused and changes nothing. */
  record Rejected(Rejection rejection) implements Decision {}
}
