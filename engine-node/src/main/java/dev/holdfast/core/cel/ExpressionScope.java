package dev.holdfast.core.cel;

import java.util.Set;

/**
 * What an expression may refer to, by where it stands in its definition.
 *
 * @param tasks ids of all tasks of the definition
 * @param ancestors those that have ended, one way or the other, when it is evaluated
 * @param variables names declared under {@code variables} or written by any {@code set}
 * @param hasOutput whether {@code output} is in scope
 */
public record ExpressionScope(
    Set<String> tasks, Set<String> ancestors, Set<String> variables, boolean hasOutput) {}
