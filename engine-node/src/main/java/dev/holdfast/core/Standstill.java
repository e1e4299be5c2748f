package dev.holdfast.core;

import dev.holdfast.api.TaskStatus;

/** Tells executions that go on by themselves from those that can't: there should be none. */
public final class Standstill {
  private Standstill() {}

  /**
   * Whether nothing that is waited for can move the execution on: no task is with an agent or could
   * be, none waits for time, a signal, a person or another execution, and it is not paused. Its
   * time-out alone would end it. For states at rest: of one whose commands are under way it says
   * nothing.
   */
  public static boolean isStuck(ExecutionState state) {
    if (state.schedule() != null) {
      return false;
    }
    return switch (state.status()) {
      case RUNNING -> !state.waitsForSlot() && state.tasks().stream().noneMatch(Standstill::moves);
      case PAUSING ->
          state.tasks().stream().noneMatch(Standstill::isCarriedOut)
              && !Hooks.isOpen(state, PlannedTask.Hook.ON_PAUSE);
      case CANCELLING -> state.openTasks() == 0;
      case PAUSED, COMPLETED, FAILED, CANCELLED, TIMED_OUT -> false;
    };
  }

  private static boolean moves(TaskState task) {
    return switch (task.status()) {
      case READY, RETRYING, AWAITING_APPROVAL -> true;
      case RUNNING -> isCarriedOut(task);
      case PENDING -> task.gate() != null;
      case COMPLETED, FAILED, SKIPPED, CANCELLED -> false;
    };
  }

  /** A list is carried out by its items, which are tasks too. */
  private static boolean isCarriedOut(TaskState task) {
    return task.status() == TaskStatus.RUNNING && task.fanOut() == null;
  }
}
