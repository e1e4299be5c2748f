package dev.holdfast.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The signals of one execution.
 *
 * @param kept those that no task has taken, oldest first; {@link Limits#SIGNALS_KEPT_MAX} at most
 * @param seen ids of the newest {@link Limits#SIGNALS_SEEN_MAX}, oldest first, for recognising
 *     repeats
 */
public record Signals(List<Signal> kept, List<String> seen) {
  /** None has come. */
  public static final Signals NONE = new Signals(List.of(), List.of());

  /**
   * One that was sent.
   *
   * @param id tells a repeat from another one
   * @param by who sent it
   * @param at when it came
   */
  public record Signal(String id, String name, @Nullable Object payload, String by, Instant at) {}

  public Signals {
    kept = List.copyOf(kept);
    seen = List.copyOf(seen);
  }

  /** The oldest kept one of this name, or null. */
  @Nullable Signal oldest(String name) {
    for (Signal signal : kept) {
      if (signal.name().equals(name)) {
        return signal;
      }
    }
    return null;
  }

  /** The kept one of this id, or null. */
  @Nullable Signal find(String id) {
    for (Signal signal : kept) {
      if (signal.id().equals(id)) {
        return signal;
      }
    }
    return null;
  }

  Signals received(Signal signal) {
    var more = new ArrayList<>(kept);
    more.add(signal);
    return new Signals(more, Newest.appended(seen, signal.id(), Limits.SIGNALS_SEEN_MAX));
  }

  Signals taken(Signal signal) {
    var fewer = new ArrayList<>(kept);
    fewer.remove(signal);
    return new Signals(fewer, seen);
  }
}
