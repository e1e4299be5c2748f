package dev.holdfast.core.definition;

import java.util.Comparator;

/**
 * Something wrong with a definition.
 *
 * @param path such as {@code tasks.extract.needs[0]}; empty for the whole
 * @param line from 1
 * @param column from 1
 * @param message one sentence for a person, saying how to put it right where that is known
 */
public record DefinitionProblem(String path, int line, int column, String message) {
  static final Comparator<DefinitionProblem> BY_PLACE =
      Comparator.comparingInt(DefinitionProblem::line)
          .thenComparingInt(DefinitionProblem::column)
          .thenComparing(DefinitionProblem::path);
}
