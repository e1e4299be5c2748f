package dev.holdfast.journal.codec;

/** Stored bytes are not what was written: damaged, or of a newer format. */
public final class CodecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CodecException(String message) {
    super(message);
  }

  public CodecException(String message, Throwable cause) {
    super(message, cause);
  }
}
