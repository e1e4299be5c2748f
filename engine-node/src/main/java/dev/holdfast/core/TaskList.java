package dev.holdfast.core;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The tasks of one state: an unmodifiable list over an array that nobody else writes to. Spares the
 * copy that {@code List.of} would make of a thousand tasks.
 */
final class TaskList extends AbstractList<TaskState> implements RandomAccess {
  private final TaskState[] tasks;

  TaskList(TaskState[] tasks) {
    this.tasks = tasks;
  }

  /** A copy that may be written to. */
  static TaskState[] copyOf(List<TaskState> list) {
    return list instanceof TaskList own ? own.tasks.clone() : list.toArray(new TaskState[0]);
  }

  @Override
  public TaskState get(int index) {
    return tasks[index];
  }

  @Override
  public int size() {
    return tasks.length;
  }
}
