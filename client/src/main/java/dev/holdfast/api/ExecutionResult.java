package dev.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * How an execution ended.
 *
 * @param output a JSON value by {@link JsonValues}; null unless COMPLETED
 * @param error why it FAILED; null otherwise
 */
public record ExecutionResult(
    String id, ExecutionStatus status, @Nullable Object output, @Nullable TaskError error) {

  public ExecutionResult {
    if (!status.isEnded()) {
      throw new IllegalArgumentException("execution " + id + " has not ended: " + status);
    }
  }

  /** Whether it ended well. */
  public boolean isCompleted() {
    return status == ExecutionStatus.COMPLETED;
  }

  /**
   * The execution's output.
   *
   * @throws ExecutionFailedException when it did not end COMPLETED, so that a failure is never
   *     taken for an empty output
   */
  @Override
  public @Nullable Object output() {
    if (!isCompleted()) {
      throw new ExecutionFailedException(this);
    }
    return output;
  }
}
