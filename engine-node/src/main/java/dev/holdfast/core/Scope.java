package dev.holdfast.core;

import org.jspecify.annotations.Nullable;

/**
 * What an expression sees: an execution's state, and the output of the task at hand or the item of
 * its list where there is one.
 *
 * @param state the execution
 * @param hasOutput whether {@code output} is in scope ({@code set})
 * @param hasItem whether {@code item} and {@code index} are ({@code input} of a {@code forEach})
 */
public record Scope(
    ExecutionState state,
    boolean hasOutput,
    @Nullable Object output,
    boolean hasItem,
    @Nullable Object item,
    int index) {
  public static Scope of(ExecutionState state) {
    return new Scope(state, false, null, false, null, 0);
  }

  public static Scope withOutput(ExecutionState state, @Nullable Object output) {
    return new Scope(state, true, output, false, null, 0);
  }

  /** With an item of a list, and its place there from 0. */
  public static Scope withItem(ExecutionState state, @Nullable Object item, int index) {
    return new Scope(state, false, null, true, item, index);
  }
}
