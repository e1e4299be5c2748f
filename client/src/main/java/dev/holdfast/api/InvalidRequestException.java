package dev.holdfast.api;

import java.util.List;

/**
 * The request itself is wrong: a definition with errors, an input that its schema refuses, a value
 * past a limit.
 */
public final class InvalidRequestException extends HoldfastException {
  private static final long serialVersionUID = 1L;
  private final transient List<DefinitionProblem> problems;

  public InvalidRequestException(String code, String message, List<DefinitionProblem> problems) {
    super(code, message, null);
    this.problems = List.copyOf(problems);
  }

  public InvalidRequestException(String code, String message) {
    this(code, message, List.of());
  }

  /** Every error of a definition that was refused; empty for other requests. */
  public List<DefinitionProblem> problems() {
    return problems;
  }
}
