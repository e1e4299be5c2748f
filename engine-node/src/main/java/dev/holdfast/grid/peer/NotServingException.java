package dev.holdfast.grid.peer;

/** The asked member does not answer such questions at the moment: it is starting or leaving. */
public final class NotServingException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Carries the message over the wire. */
  public NotServingException(String message) {
    super(message);
  }
}
