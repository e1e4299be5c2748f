package dev.holdfast.core;

import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Hook;
import java.util.function.IntFunction;

/** What pauses and resumes ask for: it begins anew each time. */
final class Hooks {
  private Hooks() {}

  /** Whether the task of this kind has begun and not ended. */
  static boolean isOpen(Fold fold, Hook hook) {
    return isOpen(fold.plan(), fold::task, hook);
  }

  /** Whether the task of this kind has begun and not ended. */
  static boolean isOpen(ExecutionState state, Hook hook) {
    return isOpen(state.plan(), state.tasks()::get, hook);
  }

  /**
   * Whether the task of this kind, which is open, has not begun: after a retry it waits for the
   * setup.
   */
  static boolean isPending(ExecutionState state, Hook hook) {
    return state.task(hook.id()).status() == TaskStatus.PENDING;
  }

  private static boolean isOpen(Plan plan, IntFunction<TaskState> tasks, Hook hook) {
    // Of a hook that no execution of the definition can have there is nothing to look up.
    int index = plan.reserve().has(hook) ? plan.find(hook.id()) : -1;
    return index >= 0 && !tasks.apply(index).status().isEnded();
  }

  /** Whether the task failed without which no other can go on. */
  static boolean hasFailed(Fold fold) {
    Plan plan = fold.plan();
    int resume = plan.reserve().has(Hook.ON_RESUME) ? plan.find(Hook.ON_RESUME.id()) : -1;
    return (plan.setup() >= 0 && fold.is(plan.setup(), TaskStatus.FAILED))
        || (resume >= 0 && fold.is(resume, TaskStatus.FAILED));
  }

  /**
   * Whether the task has no part in whether the execution fails, or in what a retry begins anew.
   */
  static boolean isAside(PlannedTask task) {
    return task.origin() == Hook.TEARDOWN || task.origin() == Hook.ON_PAUSE;
  }

  /** Begins the task of this kind if the definition has one and it isn't under way. */
  static void begin(Draft draft, Hook hook) {
    if (!draft.fold().plan().reserve().has(hook) || isOpen(draft.fold(), hook)) {
      return;
    }
    draft.emit(new Event.HookBegan(hook.id()));
    PlannedTask task = draft.fold().plan().task(hook.id());
    try {
      draft.emit(new Event.TaskReadied(task.id(), Inputs.of(draft, task)));
    } catch (UnusableException e) {
      Attempts.failTask(draft, task.index(), e.error());
    }
  }

  /** Ends the task of this kind if it is under way. */
  static void cancel(Draft draft, Hook hook, String why) {
    if (isOpen(draft.fold(), hook)) {
      Attempts.cancelTask(draft, draft.fold().plan().indexOf(hook.id()), why);
    }
  }
}
