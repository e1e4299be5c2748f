package dev.holdfast.core;

import dev.holdfast.core.PlannedTask.Hook;
import java.util.Map;

/**
 * Tasks of a definition that are none of its executions' until they are needed. Their ids and
 * places follow then.
 *
 * @param compensations by the ids of the tasks that they undo
 * @param hooks those that pauses and resumes make ready
 */
public record Reserve(Map<String, PlannedTask> compensations, Map<Hook, PlannedTask> hooks) {
  /** None. */
  public static final Reserve NONE = new Reserve(Map.of(), Map.of());

  public Reserve {
    compensations = Map.copyOf(compensations);
    hooks = Map.copyOf(hooks);
  }

  boolean has(Hook hook) {
    return hooks.containsKey(hook);
  }

  /** Whether it has a task of this id. */
  boolean has(String id) {
    return hooks.keySet().stream().anyMatch(hook -> hook.id().equals(id));
  }
}
