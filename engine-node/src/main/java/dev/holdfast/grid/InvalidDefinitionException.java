package dev.holdfast.grid;

import java.util.List;

/** A definition has errors. */
public final class InvalidDefinitionException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<Definitions.DefinitionError> errors;

  public InvalidDefinitionException(List<Definitions.DefinitionError> errors) {
    super(errors.size() + " errors, the first: " + errors.getFirst());
    this.errors = List.copyOf(errors);
  }

  public List<Definitions.DefinitionError> errors() {
    return errors;
  }
}
