package dev.holdfast.grid.reach.news;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** Who on this member looks for work on others. Thread-safe; never blocks. */
public interface WorkWatch {
  /**
   * What agents have asked for lately, with a stamp that changes whenever that member has said that
   * it has work for them.
   */
  Map<Demand, Integer> demandsOn(UUID member);

  /**
   * That member knows the demands, and says which of them it has work for.
   *
   * @param asked as {@link #demandsOn} gave them
   * @param sentNanos when it was asked, of {@code System.nanoTime}
   */
  void checked(UUID member, Map<Demand, Integer> asked, Collection<Demand> work, long sentNanos);

  /**
   * That member has so many tasks for the demand.
   *
   * @return whether anybody waits for them
   */
  boolean found(UUID member, Demand demand, int count);
}
