package dev.holdfast.core;

import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.PlannedTask.ForEachTask;
import dev.holdfast.core.PlannedTask.Hook;
import dev.holdfast.core.PlannedTask.Item;
import dev.holdfast.core.PlannedTask.Kind;
import dev.holdfast.core.PlannedTask.SwitchTask;
import dev.holdfast.core.PlannedTask.UnmannedTask;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an execution that goes on after a pause will ask for: by the tasks that have not ended and
 * are with nobody. Some of them may be skipped in the end, which nobody can know before.
 *
 * @param agents what is asked of agents; a list asks once for all of its items
 * @param workflows what is asked of other executions
 */
public record PendingWork(List<ForAgent> agents, List<ForWorkflow> workflows) {
  public PendingWork {
    agents = List.copyOf(agents);
    workflows = List.copyOf(workflows);
  }

  /**
   * A task that an agent is to carry out.
   *
   * @param requires labels that it must have
   */
  public record ForAgent(String task, String capability, Map<String, String> requires) {}

  /**
   * A task that another execution is to carry out.
   *
   * @param version null: the newest
   */
  public record ForWorkflow(String task, String definition, @Nullable Integer version) {}

  /** Of an execution that is paused, or about to be. */
  public static PendingWork of(ExecutionState state) {
    var agents = new ArrayList<ForAgent>();
    var workflows = new ArrayList<ForWorkflow>();
    PlannedTask first = firstHook(state);
    if (first != null) {
      add(Hook.ON_RESUME.id(), first.kind(), agents, workflows);
    }
    int list = -1;
    for (int i = 0; i < state.tasks().size(); i++) {
      PlannedTask task = state.plan().tasks().get(i);
      if (!isPending(state.tasks().get(i)) || task.origin() instanceof Hook hook && isAside(hook)) {
        continue;
      }
      if (!(task.origin() instanceof Item item)) {
        add(task.id(), task.kind(), agents, workflows);
      } else if (item.of() != list) {
        // The items of a list follow one another.
        list = item.of();
        add(state.plan().tasks().get(list).id(), task.kind(), agents, workflows);
      }
    }
    return new PendingWork(agents, workflows);
  }

  /** What begins with the resume; null: nothing does. */
  private static @Nullable PlannedTask firstHook(ExecutionState state) {
    Reserve reserve = state.plan().reserve();
    boolean released = state.pause() != null && state.pause().parked();
    return released || !reserve.has(Hook.ON_PAUSE) ? reserve.hooks().get(Hook.ON_RESUME) : null;
  }

  /** A resume gives up what a pause asks for, and has been asked about what itself asks for. */
  private static boolean isAside(Hook hook) {
    return hook == Hook.ON_PAUSE || hook == Hook.ON_RESUME;
  }

  private static boolean isPending(TaskState task) {
    return switch (task.status()) {
      case PENDING, READY, RETRYING, AWAITING_APPROVAL -> true;
      case RUNNING, COMPLETED, FAILED, SKIPPED, CANCELLED -> false;
    };
  }

  private static void add(
      String task, Kind kind, List<ForAgent> agents, List<ForWorkflow> workflows) {
    switch (kind) {
      case AgentTask(var capability, var requires, var _) ->
          agents.add(new ForAgent(task, capability, requires));
      case ForEachTask list -> add(task, list.each(), agents, workflows);
      case WorkflowTask(var definition, var version, var _) ->
          workflows.add(new ForWorkflow(task, definition, version));
      case SwitchTask _, UnmannedTask _ -> {
        // The engine itself.
      }
    }
  }
}
