package dev.holdfast.journal.codec;

import dev.holdfast.core.definition.DefinitionProblem;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** What a parser says of a text that is neither YAML nor JSON, with its place. */
final class SyntaxProblems {
  private SyntaxProblems() {}

  static DefinitionReader.Unreadable of(JacksonException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof MarkedYamlEngineException yaml && yaml.getProblemMark().isPresent()) {
        var mark = yaml.getProblemMark().get();
        return at(mark.getLine() + 1, mark.getColumn() + 1, yaml.getProblem());
      }
    }
    TokenStreamLocation location = e.getLocation();
    return location == null
        ? at(1, 1, e.getOriginalMessage())
        : at(location.getLineNr(), location.getColumnNr(), e.getOriginalMessage());
  }

  private static DefinitionReader.Unreadable at(int line, int column, String message) {
    String sentence = message.lines().findFirst().orElse("can't be read");
    return new DefinitionReader.Unreadable(
        List.of(
            new DefinitionProblem(
                "", Math.max(1, line), Math.max(1, column), "can't be read: " + sentence)));
  }
}
