package dev.holdfast.testkit.engine;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** Virtual time: what is to happen, in order. Equal times happen in the order they were planned. */
public final class Agenda {
  /** What one call may set going, at most: far above what an execution's bounds allow. */
  private static final int STEPS_MAX = 1_000_000;

  private record Entry(Instant at, long order, boolean isWork, Runnable action) {}

  /** Something that was planned, and can be called off. */
  @FunctionalInterface
  public interface Planned {
    /** It does not happen, unless it has already. */
    void callOff();
  }

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparing(Entry::order));
  private Instant now;
  private long planned;

  /**
   * @param start the time at first
   */
  public Agenda(Instant start) {
    this.now = start;
  }

  /** The time it is. */
  public Instant now() {
    return now;
  }

  /** Plans something that work waits for. A time that has passed counts as now. */
  public Planned plan(Instant at, Runnable action) {
    return add(at, true, action);
  }

  /** Plans something that happens if time comes to it, and that nobody waits for. */
  public Planned planAside(Instant at, Runnable action) {
    return add(at, false, action);
  }

  private Planned add(Instant at, boolean isWork, Runnable action) {
    var entry = new Entry(at.isBefore(now) ? now : at, planned++, isWork, action);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  /** When the next thing happens that work waits for; empty: there is none. */
  public Optional<Instant> nextWork() {
    return entries.stream().filter(Entry::isWork).map(Entry::at).min(Comparator.naturalOrder());
  }

  /**
   * Lets everything happen up to that time, which then is now.
   *
   * @return whether anything happened
   * @throws IllegalStateException when there is no end to it
   */
  public boolean runUntil(Instant until) {
    int steps = 0;
    for (Entry next = entries.peek();
        next != null && !next.at().isAfter(until);
        next = entries.peek()) {
      if (++steps > STEPS_MAX) {
        throw new IllegalStateException(
            "more than %d things happened up to %s, and there is no end to it"
                .formatted(STEPS_MAX, now));
      }
      entries.remove();
      now = next.at();
      next.action().run();
    }
    now = until.isAfter(now) ? until : now;
    return steps > 0;
  }
}
