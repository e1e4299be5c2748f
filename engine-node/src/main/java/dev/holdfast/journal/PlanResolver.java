package dev.holdfast.journal;

import dev.holdfast.core.Plan;

/** Finds the compiled definition that stored events and snapshots refer to. */
@FunctionalInterface
public interface PlanResolver {
  /**
   * @throws StoreException when no such definition is registered
   */
  Plan resolve(String tenant, String definition, int version);
}
