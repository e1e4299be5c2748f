package dev.holdfast.core.definition;

import dev.holdfast.core.Limits;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Gathers what is wrong with one definition. For one thread. */
final class Problems {
  private final LinkedHashSet<DefinitionProblem> found = new LinkedHashSet<>();
  private final boolean misplacedCount;

  private Problems(boolean misplacedCount) {
    this.misplacedCount = misplacedCount;
  }

  /** Of a definition that is to be registered. */
  static Problems ofNew() {
    return new Problems(true);
  }

  /** Of one that was registered: a field that has no meaning where it stands is no problem then. */
  static Problems ofRegistered() {
    return new Problems(false);
  }

  void add(String path, SourceNode at, String message) {
    add(path, at.line(), at.column(), message);
  }

  void add(String path, int line, int column, String message) {
    found.add(new DefinitionProblem(path, line, column, message));
  }

  /** A field of the language that has no meaning where it stands. */
  void addMisplaced(String path, SourceNode.Entry field, String message) {
    if (misplacedCount) {
      add(path, field.line(), field.column(), message);
    }
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
