package dev.holdfast.journal;

import org.jspecify.annotations.Nullable;

/** The store can't do what it was asked, for a reason outside: disk full, file damaged, away. */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  public StoreException(String message) {
    super(message);
  }
}
