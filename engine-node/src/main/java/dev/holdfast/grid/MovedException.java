package dev.holdfast.grid;

/** The execution's partition has gone to another member, which knows what became of the command. */
final class MovedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  MovedException(String message) {
    super(message);
  }
}
