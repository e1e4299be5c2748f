package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import org.jspecify.annotations.Nullable;

/**
 * How an execution will end, which is settled, while something is left to be done before it does.
 *
 * @param outcome the status that it will have
 * @param output its output, where it will be COMPLETED
 * @param error why it will be FAILED or TIMED_OUT
 */
public record Closing(ExecutionStatus outcome, @Nullable Object output, @Nullable TaskError error) {

  public Closing {
    if (!outcome.isEnded()) {
      throw new IllegalArgumentException(outcome + " is no end");
    }
  }

  static Closing completed(@Nullable Object output) {
    return new Closing(ExecutionStatus.COMPLETED, output, null);
  }

  static Closing failed(TaskError error) {
    return new Closing(ExecutionStatus.FAILED, null, error);
  }

  static Closing cancelled() {
    return new Closing(ExecutionStatus.CANCELLED, null, null);
  }

  static Closing timedOut(TaskError error) {
    return new Closing(ExecutionStatus.TIMED_OUT, null, error);
  }
}
