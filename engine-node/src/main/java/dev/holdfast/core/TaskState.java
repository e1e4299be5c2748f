package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one task of an execution stands.
 *
 * @param input what its attempts are given; kept from READY until the task has ended
 * @param attempts the newest {@link Limits#ATTEMPTS_KEPT_MAX}, oldest first; the history has all
 * @param attemptCount how many there were in all, which numbers the next one; of a {@code forEach}
 *     task the highest number that items of its lists before had, if other executions carried these
 *     out
 * @param failures attempts that count against {@code retry.maxAttempts}
 * @param leaseLosses attempts that were lost, counted on their own
 * @param retryAt set while RETRYING
 * @param readyAt when it last became READY; null before
 * @param fanOut of a {@code forEach} task once its items are known, which are its {@code input}
 *     then; null of all others
 * @param gate where it stands before it becomes READY, or who let it pass; null: neither
 */
public record TaskState(
    TaskStatus status,
    @Nullable Object input,
    @Nullable Object output,
    @Nullable TaskError error,
    List<Attempt> attempts,
    int attemptCount,
    int failures,
    int leaseLosses,
    @Nullable Instant retryAt,
    @Nullable Instant readyAt,
    @Nullable FanOut fanOut,
    @Nullable Gate gate) {

  /** A task whose needs have not ended. */
  public static final TaskState PENDING =
      new TaskState(
          TaskStatus.PENDING, null, null, null, List.of(), 0, 0, 0, null, null, null, null);

  public TaskState {
    attempts = List.copyOf(attempts);
  }

  /** The same at this gate. */
  public TaskState withGate(Gate at) {
    return new TaskState(
        status,
        input,
        output,
        error,
        attempts,
        attemptCount,
        failures,
        leaseLosses,
        retryAt,
        readyAt,
        fanOut,
        at);
  }

  /** The same, as a task of a list that is so far with its items. */
  public TaskState withFanOut(FanOut counts) {
    return new TaskState(
        status,
        input,
        output,
        error,
        attempts,
        attemptCount,
        failures,
        leaseLosses,
        retryAt,
        readyAt,
        counts,
        gate);
  }

  /** The same with this output, of which it has none yet. */
  public TaskState withOutput(Object given) {
    return new TaskState(
        status,
        input,
        given,
        error,
        attempts,
        attemptCount,
        failures,
        leaseLosses,
        retryAt,
        readyAt,
        fanOut,
        gate);
  }

  /** The attempt that is running, or null: a task with items has none of its own. */
  public @Nullable Attempt runningAttempt() {
    return status == TaskStatus.RUNNING && fanOut == null ? attempts.getLast() : null;
  }
}
