package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import java.time.Instant;

/**
 * Whose child an execution is.
 *
 * @param execution id of the parent, in the same tenant
 * @param task the task of it that the child carries out; where that is a schedule, the time that it
 *     is for
 * @param attempt which attempt of that task; of a schedule the number of its execution
 * @param depth how many executions there are above: 1 to {@link Limits#CHILD_DEPTH_MAX}; 0 below a
 *     schedule
 */
public record ParentLink(String execution, String task, int attempt, int depth) {

  /** Whether it was begun by a schedule. */
  public boolean isOfSchedule() {
    return ExecutionKey.isInternal(execution);
  }

  /** The time that it is for, of a schedule's execution. */
  public Instant scheduledAt() {
    return Instant.parse(task);
  }
}
