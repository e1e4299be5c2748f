package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskError;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an execution was started with; never changes, but for its plan.
 *
 * @param plan the definition's, with the tasks that were added at run time
 * @param parent whose child it is; null: nobody's
 * @param timeout the workflow's, pauses not counted; begins anew with a retry
 */
public record ExecutionHeader(
    Plan plan,
    ExecutionKey key,
    @Nullable Object input,
    Map<String, String> attributes,
    @Nullable String session,
    int priority,
    Duration timeout,
    String startedBy,
    String requestDigest,
    Instant startedAt,
    @Nullable ParentLink parent) {

  public ExecutionHeader {
    attributes = Map.copyOf(attributes);
  }

  /** The same with another plan of the same definition. */
  public ExecutionHeader withPlan(Plan grown) {
    return new ExecutionHeader(
        grown,
        key,
        input,
        attributes,
        session,
        priority,
        timeout,
        startedBy,
        requestDigest,
        startedAt,
        parent);
  }

  /** The same as the child of this one. */
  public ExecutionHeader withParent(ParentLink link) {
    return new ExecutionHeader(
        plan,
        key,
        input,
        attributes,
        session,
        priority,
        timeout,
        startedBy,
        requestDigest,
        startedAt,
        link);
  }

  /** The time that a schedule began it for; of one that no schedule began, when it started. */
  public Instant scheduledAt() {
    return parent != null && parent.isOfSchedule() ? parent.scheduledAt() : startedAt;
  }

  /** Why it ends if its time is up. */
  TaskError timeoutError() {
    return new TaskError(ErrorTypes.WORKFLOW_TIMEOUT, "the execution ran longer than " + timeout);
  }

  /** How many executions there are above it. */
  public int depth() {
    return parent == null ? 0 : parent.depth();
  }
}
