package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task that waits for an agent.
 *
 * @param priority 0 to 9
 * @param readyAtMillis when it became ready, wall clock; orders it among other priorities
 */
record ReadyTask(
    ExecutionKey execution, String task, QueueKey queue, int priority, long readyAtMillis) {

  /** The execution's task of that id; null: it waits for no agent. */
  static @Nullable ReadyTask of(ExecutionState state, String id) {
    PlannedTask planned = state.plan().task(id);
    TaskState task = state.task(id);
    if (task.status() != TaskStatus.READY || !(planned.kind() instanceof AgentTask kind)) {
      return null;
    }
    Integer priority = planned.priority();
    Instant readyAt = task.readyAt();
    return new ReadyTask(
        state.key(),
        id,
        new QueueKey(state.key().tenant(), kind.capability(), kind.requires()),
        priority == null ? state.header().priority() : priority,
        (readyAt == null ? state.updatedAt() : readyAt).toEpochMilli());
  }
}
