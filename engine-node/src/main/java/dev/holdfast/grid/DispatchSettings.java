package dev.holdfast.grid;

import java.util.Map;

/**
 * How the tasks that wait are shared out. The same on every member.
 *
 * @param rateLimits how many tasks of a capability are handed out at most, all tenants and members
 *     together
 * @param tenantWeights turns of a tenant where tenants take turns at a rate limit; 1 of those not
 *     named
 * @param queueMax tasks of a tenant that may wait for one capability on a member before it starts
 *     no more executions that begin with it; 0: any number
 */
public record DispatchSettings(
    Map<String, RateLimit> rateLimits, Map<String, Integer> tenantWeights, int queueMax) {
  /** Nothing is limited. */
  public static final DispatchSettings NONE = new DispatchSettings(Map.of(), Map.of(), 0);

  /** The largest weight of a tenant. */
  public static final int WEIGHT_MAX = 1000;

  /**
   * @throws IllegalArgumentException when a number is out of its range
   */
  public DispatchSettings {
    rateLimits = Map.copyOf(rateLimits);
    tenantWeights = Map.copyOf(tenantWeights);
    for (int weight : tenantWeights.values()) {
      if (weight < 1 || weight > WEIGHT_MAX) {
        throw new IllegalArgumentException("weight must be 1 to 1000, but is " + weight);
      }
    }
    if (queueMax < 0) {
      throw new IllegalArgumentException("queue bound must be 0 or more, but is " + queueMax);
    }
  }
}
