package dev.holdfast.grid.eta;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;

/**
 * Under which names tasks' durations are kept: a task of the definition under its id, the items of
 * a list all under one, what results add under its capability, and what undoes a task under the
 * task's.
 */
final class TaskNames {
  private TaskNames() {}

  static String of(ExecutionState state, PlannedTask task) {
    return switch (task.origin()) {
      case PlannedTask.Defined _ -> task.id();
      case PlannedTask.Hook _ -> task.id();
      case PlannedTask.Item(int of, _) -> state.plan().tasks().get(of).id() + "[]";
      case PlannedTask.Compensation(int undone) ->
          of(state, state.plan().tasks().get(undone)) + ".compensate";
      case PlannedTask.Spawned _ ->
          task.kind() instanceof AgentTask agent ? "+" + agent.capability() : "+";
    };
  }

  /** Of the items of this list. */
  static String ofItems(PlannedTask list) {
    return list.id() + "[]";
  }
}
