package dev.holdfast.grid.summary;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the SQL table {@code executions}: what an operator asks of many executions at once.
 *
 * @param status as in the HTTP API, such as {@code RUNNING}
 * @param tasks how many there are in all
 * @param tasksCompleted how many of them completed
 * @param tasksRunning how many of them an agent holds
 * @param tasksAwaitingApproval how many of them wait for a person
 * @param tasksFailed how many of them failed or were cancelled
 * @param error why it failed, at most {@value #ERROR_CHARS_MAX} characters; null: it did not
 */
public record Summary(
    String tenant,
    String id,
    String definition,
    int version,
    String status,
    int tasks,
    int tasksCompleted,
    int tasksRunning,
    int tasksAwaitingApproval,
    int tasksFailed,
    Instant startedAt,
    Instant updatedAt,
    @Nullable Instant endedAt,
    @Nullable String error) {
  /** Characters of an error that a row has; the execution itself has all. */
  static final int ERROR_CHARS_MAX = 300;

  static Summary of(ExecutionState state) {
    int completed = 0;
    int running = 0;
    int awaiting = 0;
    int failed = 0;
    for (TaskState task : state.tasks()) {
      switch (task.status()) {
        case COMPLETED -> completed++;
        case RUNNING -> running++;
        case FAILED, CANCELLED -> failed++;
        case AWAITING_APPROVAL -> awaiting++;
        case PENDING, READY, RETRYING, SKIPPED -> {}
      }
    }
    return new Summary(
        state.key().tenant(),
        state.key().id(),
        state.plan().name(),
        state.plan().version(),
        state.status().name(),
        state.tasks().size(),
        completed,
        running,
        awaiting,
        failed,
        state.header().startedAt(),
        state.updatedAt(),
        state.endedAt(),
        state.error() == null ? null : cut(state.error().type() + ": " + state.error().message()));
  }

  private static String cut(String text) {
    return text.length() <= ERROR_CHARS_MAX ? text : text.substring(0, ERROR_CHARS_MAX);
  }
}
