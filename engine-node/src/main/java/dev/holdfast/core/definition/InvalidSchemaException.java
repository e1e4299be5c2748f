package dev.holdfast.core.definition;

import java.util.List;

/** A JSON Schema is not valid. */
public final class InvalidSchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<Flaw> flaws;

  public InvalidSchemaException(List<Flaw> flaws) {
    super(flaws.isEmpty() ? "invalid schema" : flaws.getFirst().message());
    this.flaws = List.copyOf(flaws);
  }

  /** All that is wrong with it. */
  public List<Flaw> flaws() {
    return flaws;
  }

  /**
   * @param path keys and list indices that lead to the place within the schema
   */
  public record Flaw(List<String> path, String message) {
    public Flaw {
      path = List.copyOf(path);
    }
  }
}
