package dev.holdfast.testkit.engine;

import dev.holdfast.core.Attempt;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Gate;
import dev.holdfast.core.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an execution does by itself when its time comes. */
final class Progress {
  private Progress() {}

  /**
   * When that is; null: it waits for somebody. Deadlines of the execution, of approvals and of
   * signals, of other executions' carrying tasks out, and the end of a pause that nobody resumes,
   * are not meant: what they cut off is a wait for somebody. Nor are the times of a schedule, which
   * has no end.
   */
  static @Nullable Instant nextByItself(ExecutionState state) {
    if (state.schedule() != null) {
      return null;
    }
    return switch (state.status()) {
      case RUNNING -> earlier(teardownEnds(state), earliest(state, true));
      case PAUSING -> earliest(state, false);
      case CANCELLING ->
          state.closing() == null
              ? state.updatedAt()
              : earlier(teardownEnds(state), earliest(state, true));
      case PAUSED, COMPLETED, FAILED, CANCELLED, TIMED_OUT -> null;
    };
  }

  /** When the teardown, which then is all that is left, is given up; null: it has not begun. */
  private static @Nullable Instant teardownEnds(ExecutionState state) {
    return state.closing() == null ? null : state.deadline();
  }

  private static @Nullable Instant earliest(ExecutionState state, boolean withWaits) {
    Instant earliest = null;
    for (TaskState task : state.tasks()) {
      Attempt running = task.runningAttempt();
      earliest =
          earlier(earliest, running == null || running.child() != null ? null : running.deadline());
      earliest = earlier(earliest, withWaits ? task.retryAt() : null);
      earliest = earlier(earliest, withWaits ? delay(task) : null);
    }
    return earliest;
  }

  private static @Nullable Instant delay(TaskState task) {
    return switch (task.gate()) {
      case Gate.Delayed gate when !task.status().isEnded() -> gate.until();
      case null -> null;
      case Gate.Delayed _, Gate.AwaitingSignal _, Gate.AwaitingApproval _, Gate.Decided _ -> null;
    };
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
  }
}
