package dev.holdfast.grid.reach.news;

import java.util.List;
import java.util.Set;

/**
 * What one member wants to be told by another.
 *
 * @param number goes up with each that the member sends, so that an older one is known as such
 * @param whole whether this is all that it wants; otherwise it is added to what it wanted before
 * @param leaving whether the member is about to leave, and wants nothing more
 * @param tenants whose events
 * @param executions whose events, as {@code tenant/id}
 * @param ends executions whose end, as {@code tenant/id}
 * @param demands what its agents wait for
 */
record Wishes(
    long number,
    boolean whole,
    boolean leaving,
    Set<String> tenants,
    Set<String> executions,
    Set<String> ends,
    Set<Demand> demands) {
  Wishes {
    tenants = Set.copyOf(tenants);
    executions = Set.copyOf(executions);
    ends = Set.copyOf(ends);
    demands = Set.copyOf(demands);
  }

  boolean isEmpty() {
    return tenants.isEmpty() && executions.isEmpty() && ends.isEmpty() && demands.isEmpty();
  }

  /**
   * What the member that was asked has to say to them.
   *
   * @param tenants those that it did not know of before
   * @param executions those that it did not know of before
   * @param ends those that it did not know of before
   * @param work demands for which it has tasks that wait
   */
  record Reply(
      List<String> tenants, List<String> executions, List<String> ends, List<Demand> work) {}
}
