package dev.holdfast.core;

import dev.holdfast.core.PlannedTask.ForEachTask;
import dev.holdfast.core.PlannedTask.Item;
import dev.holdfast.core.PlannedTask.OnFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Adds tasks to a plan's. Their places in it follow from the order of what was added. */
final class Growing {
  private Growing() {}

  /** The tasks with the growth's at their end. */
  static List<PlannedTask> grown(Plan plan, Growth growth) {
    return switch (growth) {
      case Growth.Items items -> withItems(plan.tasks(), plan.task(items.task()), items.count());
    };
  }

  /** The id of an item. */
  static String itemId(String task, int number) {
    return task + "[" + number + "]";
  }

  private static List<PlannedTask> withItems(List<PlannedTask> tasks, PlannedTask of, int count) {
    if (!(of.kind() instanceof ForEachTask kind)) {
      throw new IllegalArgumentException("task " + of.id() + " has no items");
    }
    var grown = new ArrayList<PlannedTask>(tasks.size() + count);
    grown.addAll(tasks);
    List<Integer> needs = List.of(of.index());
    for (int i = 0; i < count; i++) {
      grown.add(
          new PlannedTask(
              itemId(of.id(), i),
              grown.size(),
              kind.each(),
              needs,
              List.of(),
              of.join(),
              null,
              of.input(),
              Map.of(),
              of.timeout(),
              of.heartbeat(),
              of.retry(),
              of.priority(),
              // What an item's failure means is for its list to say.
              OnFailure.CONTINUE,
              new Item(of.index(), i)));
    }
    return grown;
  }
}
