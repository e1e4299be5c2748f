package dev.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt, a task or an execution failed.
 *
 * @param type a short stable word, such as {@code bad-input}; what {@code retry.nonRetryable} names
 * @param message what happened, for a person
 * @param details anything more, as a JSON value
 */
public record TaskError(String type, String message, @Nullable Object details) {
  /** An error without details. */
  public TaskError(String type, String message) {
    this(type, message, null);
  }
}
