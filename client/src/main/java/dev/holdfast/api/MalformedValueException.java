package dev.holdfast.api;

/** Bytes that should have been a JSON value are not one that Holdfast takes. */
public final class MalformedValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong and where, for the person who sent it
   */
  public MalformedValueException(String message) {
    super(message);
  }

  public MalformedValueException(String message, Throwable cause) {
    super(message, cause);
  }
}
