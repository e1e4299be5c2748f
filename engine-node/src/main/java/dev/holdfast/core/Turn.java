package dev.holdfast.core;

import dev.holdfast.core.PlannedTask.Hook;

/** Whose turn it is: which of the tasks that are READY may be handed out. */
public final class Turn {
  private Turn() {}

  /** Whether the task with this index may be handed out once it is READY. */
  public static boolean isOf(ExecutionState state, int task) {
    return switch (state.status()) {
      case RUNNING -> true;
      case CANCELLING -> state.plan().tasks().get(task).origin() == Hook.TEARDOWN;
      case PAUSING, PAUSED, COMPLETED, FAILED, CANCELLED, TIMED_OUT -> false;
    };
  }
}
