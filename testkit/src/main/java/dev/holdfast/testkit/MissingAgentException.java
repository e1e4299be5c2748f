package dev.holdfast.testkit;

/** A task is ready, and the kit has no mock agent that could carry it out. */
public final class MissingAgentException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  MissingAgentException(String message) {
    super(message);
  }
}
