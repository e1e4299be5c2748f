package dev.holdfast.grid.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Weighted round robin: of tenants that all have something to do, each gets turns in proportion to
 * its weight, as evenly spread as can be; one that had nothing to do for a while gets nothing for
 * that afterwards (stride scheduling). Not thread-safe.
 */
final class TenantTurns {
  private static final long STRIDE = 1_000_000;

  private final Map<String, Integer> weights;
  private final Map<String, Long> passes = new HashMap<>();
  private long current;

  /**
   * @param weights from 1; 1 of those not named
   */
  TenantTurns(Map<String, Integer> weights) {
    this.weights = weights;
  }

  /**
   * Those that have something to do, in the order of their turns.
   *
   * @param tenants all that there are; others are forgotten
   * @param isBusy whether one has something to do
   */
  @Nullable String next(Iterable<String> tenants, Predicate<String> isBusy) {
    List<String> busy = new ArrayList<>();
    for (String tenant : tenants) {
      if (isBusy.test(tenant)) {
        busy.add(tenant);
      }
    }
    passes.keySet().retainAll(busy);
    String first = null;
    for (String tenant : busy) {
      // Who comes in takes its place behind the turn that is under way, after a stride of its own.
      passes.putIfAbsent(tenant, current + stride(tenant));
      if (first == null || passes.get(tenant) < passes.get(first)) {
        first = tenant;
      }
    }
    return first;
  }

  /** It has had its turn. */
  void served(String tenant) {
    Long pass = passes.get(tenant);
    if (pass != null) {
      current = Math.max(current, pass);
      passes.put(tenant, pass + stride(tenant));
    }
  }

  private long stride(String tenant) {
    return STRIDE / weights.getOrDefault(tenant, 1);
  }
}
