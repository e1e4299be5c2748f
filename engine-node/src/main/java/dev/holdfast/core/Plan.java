package dev.holdfast.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered definition, compiled: names resolved to indices, expressions parsed and
 * type-checked, defaults filled in. Immutable; one instance serves all executions of its version.
 */
public final class Plan {
  private final String name;
  private final int version;
  private final Duration timeout;
  private final Map<String, @Nullable Object> variables;
  private final List<PlannedTask> tasks;
  private final @Nullable Template output;
  private final SchemaCheck inputSchema;
  private final SchemaCheck outputSchema;
  private final Map<String, Integer> indices;

  /**
   * @param tasks in the definition's order; needs and successors by index into this list
   * @param output null: the outputs of the tasks that nobody needs, by id
   */
  public Plan(
      String name,
      int version,
      Duration timeout,
      Map<String, @Nullable Object> variables,
      List<PlannedTask> tasks,
      @Nullable Template output,
      SchemaCheck inputSchema,
      SchemaCheck outputSchema) {
    this.name = name;
    this.version = version;
    this.timeout = timeout;
    this.variables = variables;
    this.tasks = List.copyOf(tasks);
    this.output = output;
    this.inputSchema = inputSchema;
    this.outputSchema = outputSchema;
    this.indices = HashMap.newHashMap(tasks.size());
    for (int i = 0; i < tasks.size(); i++) {
      indices.put(tasks.get(i).id(), i);
    }
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
    return indices.getOrDefault(task, -1);
  }

  public PlannedTask task(String id) {
    return tasks.get(indexOf(id));
  }

  @Override
  public String toString() {
    return name + " v" + version;
  }
}
