package dev.holdfast.api;

import java.time.Duration;

/** An execution did not end within the time that the caller was ready to wait. It goes on. */
public final class WaitTimeoutException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  public WaitTimeoutException(String execution, Duration waited) {
    super("wait-timeout", "execution " + execution + " has not ended within " + waited, null);
  }
}
