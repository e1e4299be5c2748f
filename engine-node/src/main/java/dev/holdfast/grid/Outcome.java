package dev.holdfast.grid;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Rejection;

/** What became of a command. Given only once everything it rests on is durable. */
public sealed interface Outcome {
  /**
   * It holds.
   *
   * @param state the execution after it
   * @param changed false: it was a repeat, or there was nothing to do
   */
  record Done(ExecutionState state, boolean changed) implements Outcome {}

  /** It was refused. */
  record Refused(Rejection rejection) implements Outcome {}
}
