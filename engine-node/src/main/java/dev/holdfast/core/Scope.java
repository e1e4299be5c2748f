package dev.holdfast.core;

import org.jspecify.annotations.Nullable;

/**
 * What an expression sees: an execution's state, and the output of the task at hand, the item of
 * its list or the signal that it waited for where there is one.
 *
 * @param state the execution
 * @param hasOutput whether {@code output} is in scope ({@code set})
 * @param hasItem whether {@code item} and {@code index} are ({@code input} of a {@code forEach})
 * @param hasSignal whether {@code signal} is ({@code input} of a task with {@code waitFor})
 * @param signal what the signal brought
 */
public record Scope(
    ExecutionState state,
    boolean hasOutput,
    @Nullable Object output,
    boolean hasItem,
    @Nullable Object item,
    int index,
    boolean hasSignal,
    @Nullable Object signal) {
  public static Scope of(ExecutionState state) {
    return new Scope(state, false, null, false, null, 0, false, null);
  }

  public static Scope withOutput(ExecutionState state, @Nullable Object output) {
    return new Scope(state, true, output, false, null, 0, false, null);
  }

  /** With an item of a list, and its place there from 0. */
  public static Scope withItem(ExecutionState state, @Nullable Object item, int index) {
    return new Scope(state, false, null, true, item, index, false, null);
  }

  /** With what a signal brought. */
  public static Scope withSignal(ExecutionState state, @Nullable Object signal) {
    return new Scope(state, false, null, false, null, 0, true, signal);
  }
}
