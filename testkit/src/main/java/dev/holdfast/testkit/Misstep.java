package dev.holdfast.testkit;

import dev.holdfast.api.TaskError;

/** What a mock agent does instead of answering. */
sealed interface Misstep {
  /** It says that it failed. */
  record Failure(TaskError error, boolean retryable) implements Misstep {}

  /** It takes the task and is never heard of again. */
  record Silence() implements Misstep {}
}
