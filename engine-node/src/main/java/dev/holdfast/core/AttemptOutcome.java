package dev.holdfast.core;

/** How an attempt ended; null in an {@link Attempt} that is still running. */
public enum AttemptOutcome {
  /** Its worker gave a result. */
  COMPLETED,
  /** Its worker said that it failed. */
  ERROR,
  /** It ran past its deadline. */
  TIMED_OUT,
  /** Its lease was lost; does not count against {@code retry.maxAttempts}. */
  LEASE_LOST,
  /** It was taken back by a pause, a cancellation or the execution's failure. */
  REVOKED
}
