package dev.holdfast.core;

import dev.holdfast.core.PlannedTask.Hook;

/** Whose turn it is: which of the tasks that are READY may be handed out. */
public final class Turn {
  private Turn() {}

  /** Whether the task with this index may be handed out once it is READY. */
  public static boolean isOf(ExecutionState state, int task) {
    PlannedTask.Origin origin = state.plan().tasks().get(task).origin();
    return switch (state.status()) {
      case RUNNING ->
          origin == Hook.ON_RESUME
              || !Hooks.isOpen(state, Hook.ON_RESUME)
              || (origin == Hook.SETUP && Hooks.isPending(state, Hook.ON_RESUME));
      case CANCELLING -> origin == Hook.TEARDOWN;
      case PAUSING -> origin == Hook.ON_PAUSE;
      case PAUSED, COMPLETED, FAILED, CANCELLED, TIMED_OUT -> false;
    };
  }
}
