package dev.holdfast.api;

/**
 * One error of a definition.
 *
 * @param path such as {@code tasks.extract.retry.factor}
 * @param line from 1; 0: none
 * @param column from 1; 0: none
 */
public record DefinitionProblem(String path, int line, int column, String message) {}
