package dev.holdfast.journal.codec;

import dev.holdfast.core.Plan;
import dev.holdfast.core.definition.DefinitionCompiler;
import dev.holdfast.core.definition.DefinitionProblem;
import dev.holdfast.core.definition.SourceNode;
import java.util.List;

/** Definitions from text, for tests. */
final class DefinitionTexts {
  private DefinitionTexts() {}

  static SourceNode tree(String mediaType, String text) {
    return switch (DefinitionReader.read(mediaType, text)) {
      case DefinitionReader.Read read -> read.root();
      case DefinitionReader.Unreadable unreadable ->
          throw new AssertionError(unreadable.problems());
    };
  }

  static Plan plan(String yaml) {
    return switch (DefinitionCompiler.compile(
        tree("application/yaml", yaml), 1, new SchemaCompiler())) {
      case DefinitionCompiler.Compiled compiled -> compiled.plan();
      case DefinitionCompiler.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  /** Everything that is wrong with it, from the reader or the compiler. */
  static List<DefinitionProblem> problems(String mediaType, String text) {
    return switch (DefinitionReader.read(mediaType, text)) {
      case DefinitionReader.Unreadable unreadable -> unreadable.problems();
      case DefinitionReader.Read read ->
          switch (DefinitionCompiler.compile(read.root(), 1, new SchemaCompiler())) {
            case DefinitionCompiler.Compiled ignored -> List.of();
            case DefinitionCompiler.Refused refused -> refused.problems();
          };
    };
  }
}
