package dev.holdfast.core;

import dev.holdfast.api.TaskStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * What becomes of the tasks that were added at run time when tasks begin anew: what a task had
 * added before is gone with it, unless it is a list that can go on.
 */
final class Regrowth {
  private Regrowth() {}

  /**
   * Of the tasks that begin anew those that keep their list: nothing that they need begins anew,
   * and some of their items do, or they were merely not let finish.
   *
   * @param states by index
   */
  static Set<String> reopened(Plan plan, Set<String> again, IntFunction<TaskState> states) {
    var reopened = new HashSet<String>();
    for (Growth growth : plan.growth()) {
      if (growth instanceof Growth.Items items && again.contains(items.task())) {
        PlannedTask task = plan.task(items.task());
        boolean afresh =
            task.needs().stream().anyMatch(need -> again.contains(plan.tasks().get(need).id()));
        boolean cut = states.apply(task.index()).status() == TaskStatus.CANCELLED;
        if (!afresh && (cut || hasAny(items, again))) {
          reopened.add(items.task());
        }
      }
    }
    return reopened;
  }

  private static boolean hasAny(Growth.Items items, Set<String> again) {
    for (int number = 0; number < items.count(); number++) {
      if (again.contains(Growing.itemId(items.task(), number))) {
        return true;
      }
    }
    return false;
  }

  /** What is left of the plan's growth. */
  static List<Growth> kept(Plan plan, Set<String> again, Set<String> reopened) {
    return plan.growth().stream()
        .filter(growth ->
            growth instanceof Growth.Hooked
                || !again.contains(growth.task())
                || reopened.contains(growth.task()))
        .toList();
  }
}
