package dev.holdfast.core.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Decides by the seed what goes wrong, and counts it. */
final class Faults {
  /** What can go wrong. */
  enum Kind {
    DROP,
    DUPLICATE,
    DELAY,
    AGENT_CRASH,
    AGENT_HANGS,
    NODE_CRASH_IDLE,
    NODE_CRASH_BEFORE_COMMIT,
    NODE_CRASH_AFTER_COMMIT,
    CLOCK_FORWARD,
    CLOCK_BACK
  }

  private final RandomGenerator random;
  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private boolean on = true;

  Faults(RandomGenerator random) {
    this.random = random;
  }

  /** From now on all goes well. */
  void off() {
    on = false;
  }

  boolean areOn() {
    return on;
  }

  /** Whether it goes wrong now. */
  boolean strike(Kind kind, double probability) {
    boolean struck = random.nextDouble() < probability && on;
    if (struck) {
      count(kind);
    }
    return struck;
  }

  void count(Kind kind) {
    counts.merge(kind, 1, Integer::sum);
  }

  Map<Kind, Integer> counts() {
    return counts;
  }

  /** A number from {@code from} up to and without {@code to}. */
  long between(long from, long to) {
    return random.nextLong(from, to);
  }

  double fraction() {
    return random.nextDouble();
  }

  long any() {
    return random.nextLong();
  }
}
