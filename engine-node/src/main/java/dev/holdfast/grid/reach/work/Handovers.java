package dev.holdfast.grid.reach.work;

import dev.holdfast.grid.Assignment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Which tasks went out through other members a moment ago. Of a member that is lost nobody knows
 * whether they got any further. Thread-safe.
 */
final class Handovers {
  /** By then a task has reached who polled for it, or its own member has noticed. */
  static final long ON_THE_WAY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private record Given(Assignment task, long atNanos) {}

  private final Map<UUID, ArrayDeque<Given>> byMember = new HashMap<>();

  synchronized void add(UUID member, List<Assignment> tasks) {
    long now = System.nanoTime();
    var given = byMember.computeIfAbsent(member, unused -> new ArrayDeque<>());
    tasks.forEach(task -> given.add(new Given(task, now)));
    expire(given, now);
  }

  /** The member leaves and has passed on everything. */
  synchronized void passedOn(UUID member) {
    byMember.remove(member);
  }

  /** What went out through members that are gone now, and may not have arrived. */
  synchronized List<Assignment> lostWithout(Collection<UUID> present) {
    long now = System.nanoTime();
    var lost = new ArrayList<Assignment>();
    byMember
        .entrySet()
        .removeIf(entry -> {
          if (present.contains(entry.getKey())) {
            expire(entry.getValue(), now);
          } else {
            // The loss itself is noticed some time after it happened.
            entry.getValue().forEach(given -> lost.add(given.task()));
          }
          return entry.getValue().isEmpty() || !present.contains(entry.getKey());
        });
    return lost;
  }

  private static void expire(ArrayDeque<Given> given, long now) {
    while (!given.isEmpty() && now - given.getFirst().atNanos() > ON_THE_WAY_NANOS) {
      given.removeFirst();
    }
  }
}
