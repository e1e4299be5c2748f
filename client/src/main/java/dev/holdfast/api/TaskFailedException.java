package dev.holdfast.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Thrown by a {@link TaskHandler}: the attempt failed, and this is what to do about it. */
public final class TaskFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient TaskError error;
  private final boolean retryable;
  private final @Nullable Duration retryAfter;

  /**
   * @param error whose type {@code retry.nonRetryable} is matched against
   * @param retryable false: no further attempt, whatever the policy says
   * @param retryAfter instead of the policy's back-off; null: that
   */
  public TaskFailedException(TaskError error, boolean retryable, @Nullable Duration retryAfter) {
    super(error.type() + ": " + error.message());
    this.error = error;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }

  /** Fails the attempt; the task's retry policy says what follows. */
  public TaskFailedException(String type, String message) {
    this(new TaskError(type, message), true, null);
  }

  /** Fails the task for good: no further attempt. */
  public static TaskFailedException permanent(String type, String message) {
    return new TaskFailedException(new TaskError(type, message), false, null);
  }

  /** What the attempt's error is. */
  public TaskError error() {
    return error;
  }

  /** Whether the policy may give it another attempt. */
  public boolean retryable() {
    return retryable;
  }

  /** After which the next attempt begins; null: the policy's back-off. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
