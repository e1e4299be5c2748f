package dev.holdfast.journal;

import dev.holdfast.core.Gates;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.RetryPolicy;
import dev.holdfast.core.SchemaCheck;
import dev.holdfast.core.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Compiled definitions for tests: chains and fans of agents' tasks. */
public final class Plans {
  private Plans() {}

  /** Tasks {@code t0, t1, …}, each needing the one before it. */
  public static Plan chain(String name, int tasks) {
    var planned = new ArrayList<PlannedTask>();
    for (int i = 0; i < tasks; i++) {
      planned.add(
          task(
              i, i == 0 ? List.of() : List.of(i - 1), i + 1 == tasks ? List.of() : List.of(i + 1)));
    }
    return plan(name, planned);
  }

  /** Tasks that need nothing. */
  public static Plan fan(String name, int tasks) {
    var planned = new ArrayList<PlannedTask>();
    for (int i = 0; i < tasks; i++) {
      planned.add(task(i, List.of(), List.of()));
    }
    return plan(name, planned);
  }

  /**
   * Two lists of so many items, the second after the first, one of no items, and a task that adds
   * as many.
   */
  public static Plan lists(String name, int items) {
    return plan(
        name,
        List.of(
            list(0, items, 2, List.of(), List.of(1)),
            list(1, items, Limits.TASKS_MAX, List.of(0), List.of()),
            list(2, 0, 1, List.of(), List.of()),
            planner(3, items)));
  }

  /** Adds up to so many tasks. */
  private static PlannedTask planner(int index, int most) {
    PlannedTask task = task(index, List.of(), List.of());
    return new PlannedTask(
        task.id(),
        index,
        new PlannedTask.AgentTask("agent", Map.of(), most),
        task.needs(),
        task.successors(),
        task.join(),
        null,
        null,
        Map.of(),
        task.timeout(),
        null,
        task.retry(),
        null,
        task.onFailure(),
        Gates.NONE,
        PlannedTask.Defined.IN_DEFINITION);
  }

  private static PlannedTask list(
      int index, int items, int concurrency, List<Integer> needs, List<Integer> successors) {
    PlannedTask task = task(index, needs, successors);
    var list = LongStream.range(0, items).mapToObj(i -> (Object) Map.of("i", i)).toList();
    return new PlannedTask(
        task.id(),
        index,
        new PlannedTask.ForEachTask(
            (PlannedTask.AgentTask) task.kind(), scope -> list, concurrency, Limits.TASKS_MAX),
        needs,
        successors,
        task.join(),
        null,
        Scope::item,
        Map.of(),
        task.timeout(),
        null,
        task.retry(),
        null,
        index == 0 ? PlannedTask.OnFailure.CONTINUE : PlannedTask.OnFailure.FAIL,
        Gates.NONE,
        PlannedTask.Defined.IN_DEFINITION);
  }

  /** Knows just this definition. */
  public static PlanResolver resolver(Plan... plans) {
    return (tenant, definition, version) -> {
      for (Plan plan : plans) {
        if (plan.name().equals(definition) && plan.version() == version) {
          return plan;
        }
      }
      throw new StoreException("no definition " + definition + " of version " + version);
    };
  }

  private static Plan plan(String name, List<PlannedTask> tasks) {
    return new Plan(
        name,
        1,
        Limits.WORKFLOW_TIMEOUT,
        Map.of("threshold", 0.5),
        tasks,
        null,
        SchemaCheck.NONE,
        SchemaCheck.NONE);
  }

  private static PlannedTask task(int index, List<Integer> needs, List<Integer> successors) {
    var retry =
        new RetryPolicy(2, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.2, Set.of("fatal"));
    return new PlannedTask(
        "t" + index,
        index,
        new PlannedTask.AgentTask("agent", Map.of()),
        needs,
        successors,
        PlannedTask.Join.ANY,
        null,
        null,
        Map.of(),
        Limits.TASK_TIMEOUT,
        null,
        retry,
        null,
        PlannedTask.OnFailure.FAIL,
        Gates.NONE,
        PlannedTask.Defined.IN_DEFINITION);
  }
}
