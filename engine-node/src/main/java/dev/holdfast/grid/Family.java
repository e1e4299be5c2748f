package dev.holdfast.grid;

import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How tasks belong together, as people see it. */
final class Family {
  private Family() {}

  /** The plan's tasks, those that were added at run time behind the one by which they came. */
  static List<PlannedTask> ordered(Plan plan) {
    if (plan.growth().isEmpty()) {
      return plan.tasks();
    }
    var added = new TreeMap<Integer, List<PlannedTask>>();
    var ordered = new ArrayList<PlannedTask>(plan.tasks().size());
    for (PlannedTask task : plan.tasks()) {
      Integer of = parent(task);
      if (of != null) {
        added.computeIfAbsent(of, parent -> new ArrayList<>()).add(task);
      }
    }
    for (PlannedTask task : plan.tasks()) {
      if (parent(task) == null) {
        add(task, added, ordered);
      }
    }
    return ordered;
  }

  private static void add(
      PlannedTask task, Map<Integer, List<PlannedTask>> added, List<PlannedTask> ordered) {
    ordered.add(task);
    added.getOrDefault(task.index(), List.of()).forEach(child -> add(child, added, ordered));
  }

  /** The id of the task by which it came into being; null when it stands in the definition. */
  static @Nullable String of(Plan plan, PlannedTask task) {
    Integer of = parent(task);
    return of == null ? null : plan.tasks().get(of).id();
  }

  /** The ids of its predecessors; null when there are none, or none to tell of. */
  static @Nullable List<String> needs(Plan plan, PlannedTask task) {
    return task.needs().isEmpty() || task.origin() instanceof PlannedTask.Item
        ? null
        : task.needs().stream().map(need -> plan.tasks().get(need).id()).toList();
  }

  private static @Nullable Integer parent(PlannedTask task) {
    return switch (task.origin()) {
      case PlannedTask.Item(int of, _) -> of;
      case PlannedTask.Spawned(int by) -> by;
      case PlannedTask.Compensation(int undone) -> undone;
      case PlannedTask.Defined _, PlannedTask.Hook _ -> null;
    };
  }
}
