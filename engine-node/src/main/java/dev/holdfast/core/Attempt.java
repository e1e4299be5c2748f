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
 * @param child the execution that carries it out; null: an agent does
 */
public record Attempt(
    int number,
    long nonce,
    String worker,
    Instant startedAt,
    Instant deadline,
    @Nullable Instant endedAt,
    @Nullable AttemptOutcome outcome,
    @Nullable TaskError error,
    @Nullable ChildRun child) {

  /** An agent's. */
  public Attempt(
      int number,
      long nonce,
      String worker,
      Instant startedAt,
      Instant deadline,
      @Nullable Instant endedAt,
      @Nullable AttemptOutcome outcome,
      @Nullable TaskError error) {
    this(number, nonce, worker, startedAt, deadline, endedAt, outcome, error, null);
  }

  Attempt ended(Instant at, AttemptOutcome how, @Nullable TaskError why) {
    return new Attempt(number, nonce, worker, startedAt, deadline, at, how, why, child);
  }

  /** The same, carried out by this child. */
  public Attempt with(ChildRun run) {
    return with(run, deadline);
  }

  /** The same, carried out by this child until then. */
  Attempt with(ChildRun run, Instant until) {
    return new Attempt(number, nonce, worker, startedAt, until, endedAt, outcome, error, run);
  }
}
