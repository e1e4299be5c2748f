package dev.holdfast.core;

import dev.holdfast.api.SpawnedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.PlannedTask.ForEachTask;
import dev.holdfast.core.PlannedTask.Item;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.PlannedTask.Spawned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Adds tasks to a plan's. Their places in it follow from the order of what was added. */
final class Growing {
  private Growing() {}

  /** The tasks with the growth's at their end. */
  static List<PlannedTask> grown(Plan plan, Growth growth) {
    return switch (growth) {
      case Growth.Items items -> withItems(plan.tasks(), plan.task(items.task()), items.count());
      case Growth.Spawned spawned -> withSpawned(plan, spawned);
      case Growth.Hooked(var hook) -> withHook(plan, hook);
      case Growth.Compensations(var tasks) -> withCompensations(plan, tasks);
    };
  }

  /** The id of an item. */
  static String itemId(String task, int number) {
    return task + "[" + number + "]";
  }

  /** The id of the list that an item of this id would be of; empty: it is no item's. */
  static Optional<String> listOf(String item) {
    int bracket = item.indexOf('[');
    return bracket < 0 ? Optional.empty() : Optional.of(item.substring(0, bracket));
  }

  private static List<PlannedTask> withHook(Plan plan, PlannedTask.Hook hook) {
    PlannedTask task = plan.reserve().hooks().get(hook);
    if (task == null) {
      throw new IllegalArgumentException("there is no " + hook.id());
    }
    var grown = new ArrayList<>(plan.tasks());
    grown.add(task.placed(hook.id(), grown.size(), hook));
    return grown;
  }

  private static List<PlannedTask> withCompensations(Plan plan, List<String> tasks) {
    var grown = new ArrayList<PlannedTask>(plan.tasks().size() + tasks.size());
    grown.addAll(plan.tasks());
    for (String id : tasks) {
      PlannedTask task = plan.task(id);
      PlannedTask compensation = plan.compensation(task);
      if (compensation == null) {
        throw new IllegalArgumentException("nothing undoes task " + id);
      }
      var origin = new PlannedTask.Compensation(task.index());
      grown.add(compensation.placed(id + ".compensate", grown.size(), origin));
    }
    return grown;
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
              Gates.NONE,
              new Item(of.index(), i)));
    }
    return grown;
  }

  /**
   * What a result adds comes between its task and the tasks that need that one: these wait for all
   * of it.
   */
  private static List<PlannedTask> withSpawned(Plan plan, Growth.Spawned spawned) {
    PlannedTask by = plan.task(spawned.task());
    var grown = new ArrayList<>(plan.tasks());
    var indices = new HashMap<String, Integer>();
    for (SpawnedTask task : spawned.tasks()) {
      indices.put(task.id(), grown.size());
      grown.add(spawned(by, task, grown.size()));
    }
    for (SpawnedTask task : spawned.tasks()) {
      int index = indices.get(task.id());
      for (String need : task.needs()) {
        Integer sibling = indices.get(need);
        link(grown, sibling == null ? plan.indexOf(need) : sibling, index);
      }
      if (task.needs().isEmpty()) {
        link(grown, by.index(), index);
      }
      by.successors().forEach(successor -> link(grown, index, successor));
    }
    return grown;
  }

  /** With the limits of the task whose result adds it, and no links yet. */
  private static PlannedTask spawned(PlannedTask by, SpawnedTask task, int index) {
    Object input = task.input();
    return new PlannedTask(
        task.id(),
        index,
        new AgentTask(task.agent(), Map.of()),
        List.of(),
        List.of(),
        // What a task adds that runs always does so too.
        by.join() == Join.ALWAYS ? Join.ALWAYS : Join.ANY,
        null,
        input == null ? null : scope -> input,
        Map.of(),
        by.timeout(),
        by.heartbeat(),
        by.retry(),
        by.priority(),
        by.onFailure(),
        Gates.NONE,
        new Spawned(by.index()));
  }

  private static void link(List<PlannedTask> tasks, int need, int successor) {
    PlannedTask before = tasks.get(need);
    tasks.set(need, before.linked(before.needs(), with(before.successors(), successor)));
    PlannedTask after = tasks.get(successor);
    tasks.set(successor, after.linked(with(after.needs(), need), after.successors()));
  }

  private static List<Integer> with(List<Integer> indices, int index) {
    var all = new TreeSet<>(indices);
    all.add(index);
    return List.copyOf(all);
  }
}
