package dev.holdfast.core;

import dev.holdfast.core.PlannedTask.Compensation;
import dev.holdfast.core.PlannedTask.Defined;
import dev.holdfast.core.PlannedTask.Hook;
import dev.holdfast.core.PlannedTask.Item;
import dev.holdfast.core.PlannedTask.Spawned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered definition, compiled: names resolved to indices, expressions parsed and
 * type-checked, defaults filled in. Immutable; one instance serves all executions of its version,
 * but for those to which tasks were added at run time: each of these has one of its own, equal to
 * any other that grew in the same way.
 */
public final class Plan {
  /** In place of an index. */
  private static final int NO_TASK = -1;

  private final String name;
  private final int version;
  private final Duration timeout;
  private final Map<String, @Nullable Object> variables;
  private final List<PlannedTask> tasks;
  private final Reserve reserve;
  private final @Nullable Template output;
  private final SchemaCheck inputSchema;
  private final SchemaCheck outputSchema;
  private final Map<String, Integer> indices;
  private final int setup;
  private final int teardown;
  private final @Nullable ConcurrencyKey concurrencyKey;

  /** The definition alone. */
  private final Plan definition;

  private final List<Growth> growth;

  /** A plan without tasks that are needed only at times. */
  public Plan(
      String name,
      int version,
      Duration timeout,
      Map<String, @Nullable Object> variables,
      List<PlannedTask> tasks,
      @Nullable Template output,
      SchemaCheck inputSchema,
      SchemaCheck outputSchema) {
    this(name, version, timeout, variables, tasks, Reserve.NONE, output, inputSchema, outputSchema);
  }

  /** A plan whose executions may run at once in any number. */
  public Plan(
      String name,
      int version,
      Duration timeout,
      Map<String, @Nullable Object> variables,
      List<PlannedTask> tasks,
      Reserve reserve,
      @Nullable Template output,
      SchemaCheck inputSchema,
      SchemaCheck outputSchema) {
    this(
        name, version, timeout, variables, tasks, reserve, output, inputSchema, outputSchema, null);
  }

  /**
   * @param tasks in the definition's order; needs and successors by index into this list
   * @param output null: the outputs of the tasks that nobody needs, by id
   * @param concurrencyKey null: any number of its executions may run at once
   */
  public Plan(
      String name,
      int version,
      Duration timeout,
      Map<String, @Nullable Object> variables,
      List<PlannedTask> tasks,
      Reserve reserve,
      @Nullable Template output,
      SchemaCheck inputSchema,
      SchemaCheck outputSchema,
      @Nullable ConcurrencyKey concurrencyKey) {
    this.name = name;
    this.version = version;
    this.timeout = timeout;
    this.variables = variables;
    this.tasks = List.copyOf(tasks);
    this.reserve = reserve;
    this.output = output;
    this.inputSchema = inputSchema;
    this.outputSchema = outputSchema;
    this.indices = indices(tasks);
    this.setup = hook(Hook.SETUP);
    this.teardown = hook(Hook.TEARDOWN);
    this.concurrencyKey = concurrencyKey;
    this.definition = this;
    this.growth = List.of();
  }

  private Plan(Plan from, List<PlannedTask> tasks, List<Growth> growth) {
    this.name = from.name;
    this.version = from.version;
    this.timeout = from.timeout;
    this.variables = from.variables;
    this.tasks = List.copyOf(tasks);
    this.reserve = from.reserve;
    this.output = from.output;
    this.inputSchema = from.inputSchema;
    this.outputSchema = from.outputSchema;
    this.indices = indices(tasks);
    this.setup = hook(Hook.SETUP);
    this.teardown = hook(Hook.TEARDOWN);
    this.concurrencyKey = from.concurrencyKey;
    this.definition = from.definition;
    this.growth = List.copyOf(growth);
  }

  private static Map<String, Integer> indices(List<PlannedTask> tasks) {
    Map<String, Integer> indices = HashMap.newHashMap(tasks.size());
    for (int i = 0; i < tasks.size(); i++) {
      indices.put(tasks.get(i).id(), i);
    }
    return indices;
  }

  private int hook(Hook hook) {
    Integer index = indices.get(hook.id());
    return index != null && tasks.get(index).origin() == hook ? index : NO_TASK;
  }

  /** The index of the task that comes before all others; -1: there is none. */
  int setup() {
    return setup;
  }

  /** The index of the task that comes after all others; -1: there is none. */
  int teardown() {
    return teardown;
  }

  /** What becomes part of it when it is needed. */
  Reserve reserve() {
    return reserve;
  }

  /** What undoes the task, of a list each of its items; null: nothing does. */
  @Nullable PlannedTask compensation(PlannedTask task) {
    return switch (task.origin()) {
      case Defined _ ->
          task.kind() instanceof PlannedTask.ForEachTask
              ? null
              : reserve.compensations().get(task.id());
      case Item item -> reserve.compensations().get(tasks.get(item.of()).id());
      case Spawned _, Hook _, Compensation _ -> null;
    };
  }

  /** What was added to the definition, oldest first. */
  public List<Growth> growth() {
    return growth;
  }

  /**
   * This plan with tasks added behind those that it has.
   *
   * @throws IllegalArgumentException when it has no such task to add to
   */
  public Plan grown(Growth more) {
    var all = new ArrayList<>(growth);
    all.add(more);
    return new Plan(this, Growing.grown(this, more), all);
  }

  /** What the tasks count for that results have added. */
  long spawnedBytes() {
    long bytes = 0;
    for (Growth more : growth) {
      if (more instanceof Growth.Spawned spawned) {
        bytes += Sizes.ofSpawned(spawned.tasks());
      }
    }
    return bytes;
  }

  /** The definition with this alone of what was added. */
  Plan regrown(List<Growth> kept) {
    Plan plan = definition;
    for (Growth more : kept) {
      plan = plan.grown(more);
    }
    return plan;
  }

  public String name() {
    return name;
  }

  public int version() {
    return version;
  }

  public Duration timeout() {
    return timeout;
  }

  /** The variables that an execution begins with. */
  public Map<String, @Nullable Object> variables() {
    return variables;
  }

  public List<PlannedTask> tasks() {
    return tasks;
  }

  public @Nullable Template output() {
    return output;
  }

  /** How many of its executions may run at once; null: any number. */
  public @Nullable ConcurrencyKey concurrencyKey() {
    return concurrencyKey;
  }

  public SchemaCheck inputSchema() {
    return inputSchema;
  }

  public SchemaCheck outputSchema() {
    return outputSchema;
  }

  public boolean has(String task) {
    return indices.containsKey(task);
  }

  /**
   * @throws IllegalArgumentException when the plan has no such task
   */
  public int indexOf(String task) {
    Integer index = indices.get(task);
    if (index == null) {
      throw new IllegalArgumentException(name + " has no task " + task);
    }
    return index;
  }

  /** Like {@link #indexOf}, but -1 when the plan has no such task. */
  int find(String task) {
    return indices.getOrDefault(task, NO_TASK);
  }

  /** The index of the first item of the task with this index; its other items follow it. */
  int firstItem(int task) {
    return indexOf(Growing.itemId(tasks.get(task).id(), 0));
  }

  /**
   * The outputs of a task's items in the list's order; null for those that failed.
   *
   * @param task the index of the task with so many items
   * @param tasks all of the execution's, by index
   */
  public List<@Nullable Object> outputs(int task, int count, List<TaskState> tasks) {
    int first = count == 0 ? 0 : firstItem(task);
    var outputs = new ArrayList<@Nullable Object>(count);
    for (int item = first; item < first + count; item++) {
      outputs.add(tasks.get(item).output());
    }
    return Collections.unmodifiableList(outputs);
  }

  public PlannedTask task(String id) {
    return tasks.get(indexOf(id));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Plan plan
        && definition == plan.definition
        && growth.equals(plan.growth);
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(definition) + growth.hashCode();
  }

  @Override
  public String toString() {
    return name + " v" + version;
  }
}
