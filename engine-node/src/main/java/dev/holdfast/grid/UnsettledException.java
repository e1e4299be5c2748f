package dev.holdfast.grid;

/** What is asked for can't be said yet; worth another try in a moment. */
public final class UnsettledException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Carries the message over the wire. */
  public UnsettledException(String message) {
    super(message);
  }
}
