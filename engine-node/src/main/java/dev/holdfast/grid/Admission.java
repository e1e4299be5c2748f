package dev.holdfast.grid;

import dev.holdfast.core.Command.StartExecution;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import org.jspecify.annotations.Nullable;

/**
 * Turns new executions away whose first tasks would only lengthen a queue that is at its bound. One
 * that has begun is never held up by it. Thread-safe.
 */
final class Admission {
  private final AgentDispatcher dispatcher;
  private final int queueMax;

  /**
   * @param queueMax tasks of a tenant that may wait here for one capability; 0: any number
   */
  Admission(AgentDispatcher dispatcher, int queueMax) {
    this.dispatcher = dispatcher;
    this.queueMax = queueMax;
  }

  /** Why the execution, which is new, is not begun; null: it may be. */
  @Nullable Rejection refusal(StartExecution start) {
    if (queueMax == 0) {
      return null;
    }
    for (PlannedTask task : start.plan().tasks()) {
      String capability = task.needs().isEmpty() ? capability(task) : null;
      if (capability != null
          && dispatcher.waitingTasks().countOf(start.key().tenant(), capability) >= queueMax) {
        return new Rejection(
            Rejection.Code.OVERLOADED,
            queueMax
                + " tasks or more wait for "
                + capability
                + " on this member (dispatch.queueMax); try again later, or run more agents");
      }
    }
    return null;
  }

  private static @Nullable String capability(PlannedTask task) {
    return task.carrier() instanceof AgentTask agent ? agent.capability() : null;
  }
}
