package dev.holdfast.core;

import org.jspecify.annotations.Nullable;

/**
 * What an expression sees: an execution's state, and the output of the task at hand where there is
 * one.
 *
 * @param state the execution
 * @param hasOutput whether {@code output} is in scope ({@code set})
 */
public record Scope(ExecutionState state, boolean hasOutput, @Nullable Object output) {
  public static Scope of(ExecutionState state) {
    return new Scope(state, false, null);
  }

  public static Scope withOutput(ExecutionState state, @Nullable Object output) {
    return new Scope(state, true, output);
  }
}
