package dev.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * The cluster could not be reached, has no quorum, is shutting down, is overloaded, or its store
 * takes nothing: codes {@code unreachable}, {@code no-quorum}, {@code unavailable}, {@code
 * store-unavailable}, {@code overloaded}, {@code interrupted}. The client has retried for its
 * command time-out by then. The call may have taken effect; repeating it is harmless.
 */
public final class UnavailableException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
