package dev.holdfast.core.cel;

import java.util.Set;

/**
 * What an expression may refer to, by where it stands in its definition.
 *
 * @param tasks ids of all tasks of the definition
 * @param ancestors those that have ended, one way or the other, when it is evaluated
 * @param variables names declared under {@code variables} or written by any {@code set}
 * @param hasOutput whether {@code output} is in scope
 * @param hasItem whether {@code item} and {@code index} are
 * @param hasSignal whether {@code signal} is
 * @param hasSetup whether {@code setup} is
 */
public record ExpressionScope(
    Set<String> tasks,
    Set<String> ancestors,
    Set<String> variables,
    boolean hasOutput,
    boolean hasItem,
    boolean hasSignal,
    boolean hasSetup) {

  /** For a place where there is neither. */
  public ExpressionScope(
      Set<String> tasks, Set<String> ancestors, Set<String> variables, boolean hasOutput) {
    this(tasks, ancestors, variables, hasOutput, false, false, false);
  }

  /** For the input of a task of a list. */
  public static ExpressionScope ofItem(
      Set<String> tasks, Set<String> ancestors, Set<String> variables) {
    return new ExpressionScope(tasks, ancestors, variables, false, true, false, false);
  }

  /** For the input of a task that waits for a signal. */
  public static ExpressionScope ofSignal(
      Set<String> tasks, Set<String> ancestors, Set<String> variables) {
    return new ExpressionScope(tasks, ancestors, variables, false, false, true, false);
  }

  /** The same in a definition with a {@code setup}, which has completed by then; or without. */
  public ExpressionScope withSetup(boolean has) {
    return new ExpressionScope(tasks, ancestors, variables, hasOutput, hasItem, hasSignal, has);
  }
}
