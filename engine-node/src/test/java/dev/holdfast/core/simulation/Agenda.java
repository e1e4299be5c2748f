package dev.holdfast.core.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: what is to happen, in order. Equal times happen in the order they were planned. */
final class Agenda {
  private record Entry(long atMillis, long order, Runnable action) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparingLong(Entry::atMillis).thenComparing(Entry::order));
  private long nowMillis;
  private long planned;
  private long steps;

  long nowMillis() {
    return nowMillis;
  }

  long steps() {
    return steps;
  }

  void after(long millis, Runnable action) {
    entries.add(new Entry(nowMillis + millis, planned++, action));
  }

  /** Again and again, for ever. */
  void every(long millis, Runnable action) {
    after(
        millis,
        () -> {
          action.run();
          every(millis, action);
        });
  }

  /** Lets the next thing happen. */
  void step() {
    Entry next = entries.remove();
    nowMillis = next.atMillis();
    steps++;
    next.action().run();
  }
}
