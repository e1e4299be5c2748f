package dev.holdfast.core.cel;

/**
 * Something wrong with an expression.
 *
 * @param offset where in the text that was compiled, in characters from 0
 * @param message one sentence for a person
 */
public record ExpressionProblem(int offset, String message) {}
