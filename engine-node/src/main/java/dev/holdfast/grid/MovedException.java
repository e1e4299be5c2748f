package dev.holdfast.grid;

/** The execution's partition has gone to another member, which knows what became of the command. */
public final class MovedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Carries the message over the wire. */
  public MovedException(String message) {
    super(message);
  }
}
