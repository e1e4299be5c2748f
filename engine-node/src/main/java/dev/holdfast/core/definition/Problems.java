package dev.holdfast.core.definition;

import dev.holdfast.core.Limits;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Gathers what is wrong with one definition. For one thread. */
final class Problems {
  private final LinkedHashSet<DefinitionProblem> found = new LinkedHashSet<>();

  void add(String path, SourceNode at, String message) {
    add(path, at.line(), at.column(), message);
  }

  void add(String path, int line, int column, String message) {
    found.add(new DefinitionProblem(path, line, column, message));
  }

  int size() {
    return found.size();
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** By place, at most {@link Limits#DEFINITION_ERRORS_MAX}. */
  List<DefinitionProblem> sorted() {
    var sorted = new ArrayList<>(found);
    sorted.sort(DefinitionProblem.BY_PLACE);
    return List.copyOf(sorted.subList(0, Math.min(sorted.size(), Limits.DEFINITION_ERRORS_MAX)));
  }
}
