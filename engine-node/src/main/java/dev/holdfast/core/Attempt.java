package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One start of a task.
 *
 * @param number from 1
 * @param nonce the random part of its token
 * @param worker who was given it
 * @param deadline when it times out
 * @param endedAt null while it runs, as is {@code outcome}
 */
public record Attempt(
    int number,
    long nonce,
    String worker,
    Instant startedAt,
    Instant deadline,
    @Nullable Instant endedAt,
    @Nullable AttemptOutcome outcome,
    @Nullable TaskError error) {

  Attempt ended(Instant at, AttemptOutcome how, @Nullable TaskError why) {
    return new Attempt(number, nonce, worker, startedAt, deadline, at, how, why);
  }
}
