package dev.holdfast.core;

import dev.holdfast.api.SpawnedTask;
import java.util.List;

/** What was added to an execution's plan at run time. */
public sealed interface Growth {
  /** The task of the definition by which it came. */
  String task();

  /**
   * One task for each item of a {@code forEach} task's list: {@code lines[0]}, {@code lines[1]}.
   */
  record Items(String task, int count) implements Growth {}

  /** What undoes these tasks, one behind the other: {@code charge.compensate}. */
  record Compensations(List<String> tasks) implements Growth {
    public Compensations {
      tasks = List.copyOf(tasks);
    }

    @Override
    public String task() {
      return tasks.getFirst();
    }
  }

  /** A task that a pause or a resume made ready. */
  record Hooked(PlannedTask.Hook hook) implements Growth {
    @Override
    public String task() {
      return hook.id();
    }
  }

  /** The tasks that the task's result added. */
  record Spawned(String task, List<SpawnedTask> tasks) implements Growth {
    public Spawned {
      tasks = List.copyOf(tasks);
    }
  }
}
