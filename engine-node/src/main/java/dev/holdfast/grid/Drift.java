package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.TaskState;
import dev.holdfast.core.Timers;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what this member has derived from an execution's state with what it should have.
 * Thread-safe.
 */
final class Drift {
  private final AgentDispatcher dispatcher;
  private final ExecutionTimers timers;
  private final PendingApprovals approvals;
  private final KnownSchedules schedules;

  Drift(
      AgentDispatcher dispatcher,
      ExecutionTimers timers,
      PendingApprovals approvals,
      KnownSchedules schedules) {
    this.schedules = schedules;
    this.dispatcher = dispatcher;
    this.timers = timers;
    this.approvals = approvals;
  }

  /**
   * What is missing, in words; empty: nothing. What is under way between state and queue looks as
   * if it were missing for a moment.
   */
  List<String> of(ExecutionState state) {
    List<String> missing = List.of();
    if (!Timers.next(state).map(at -> timers.isArmed(state.key(), at)).orElse(true)) {
      missing = with(missing, "the timer was not armed");
    }
    if (state.schedule() != null && !schedules.isListed(state.key())) {
      missing = with(missing, "the schedule was not listed");
    }
    boolean approval = false;
    for (int i = 0; i < state.tasks().size(); i++) {
      TaskState task = state.tasks().get(i);
      approval |= task.status() == TaskStatus.AWAITING_APPROVAL;
      if (isMissing(state, state.plan().tasks().get(i), task)) {
        String id = state.plan().tasks().get(i).id();
        missing =
            with(
                missing,
                task.status() == TaskStatus.READY
                    ? "task " + id + " was in no queue"
                    : "the lease of task " + id + " was not known");
      }
    }
    return approval && !approvals.isListed(state.key())
        ? with(missing, "its approvals were not listed")
        : missing;
  }

  private boolean isMissing(ExecutionState state, PlannedTask planned, TaskState task) {
    ExecutionKey key = state.key();
    return switch (task.status()) {
      case READY ->
          planned.kind() instanceof PlannedTask.AgentTask
              && state.status() == ExecutionStatus.RUNNING
              && !dispatcher.hasOffer(key, planned.id());
      case RUNNING -> {
        Attempt attempt = task.runningAttempt();
        yield planned.kind() instanceof PlannedTask.AgentTask
            && attempt != null
            && !dispatcher.hasLease(attempt);
      }
      case PENDING, RETRYING, AWAITING_APPROVAL, COMPLETED, FAILED, SKIPPED, CANCELLED -> false;
    };
  }

  private static List<String> with(List<String> list, String one) {
    List<String> longer = list.isEmpty() ? new ArrayList<>() : list;
    longer.add(one);
    return longer;
  }
}
