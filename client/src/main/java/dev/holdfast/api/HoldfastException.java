package dev.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * Holdfast could not do what it was asked. The kinds say what a caller can do about it; {@link
 * #code()} says exactly what happened and is the same word that the HTTP API uses.
 */
public abstract sealed class HoldfastException extends RuntimeException
    permits NotFoundException,
        ConflictException,
        InvalidRequestException,
        UnavailableException,
        WaitTimeoutException,
        ExecutionFailedException {
  private static final long serialVersionUID = 1L;
  private final String code;

  HoldfastException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** A stable word such as {@code execution-not-found}; programs go by it. */
  public final String code() {
    return code;
  }
}
