package dev.holdfast.core;

import dev.holdfast.api.JsonValues;
import dev.holdfast.api.SpawnedTask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What values count for in {@link ExecutionState#payloadBytes()}. */
final class Sizes {
  private Sizes() {}

  static long of(@Nullable Object value) {
    return value == null ? 0 : JsonValues.sizeBytes(value);
  }

  /** What tasks that a result adds count for, whether they have begun or not. */
  static long ofSpawned(List<SpawnedTask> tasks) {
    long bytes = 0;
    for (SpawnedTask task : tasks) {
      bytes += of(task.input());
    }
    return bytes;
  }

  /** What the task's output counts for: nothing where it is its items', which are counted. */
  static long ofOutput(PlannedTask planned, TaskState task) {
    return planned.kind() instanceof PlannedTask.ForEachTask ? 0 : of(task.output());
  }

  /**
   * What the task's input counts for: nothing where it is the execution's own, which all tasks
   * share.
   */
  static long ofInput(PlannedTask planned, TaskState task) {
    return planned.input() == null ? 0 : of(task.input());
  }
}
