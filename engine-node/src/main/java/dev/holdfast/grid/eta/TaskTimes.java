package dev.holdfast.grid.eta;

import org.jspecify.annotations.Nullable;

/** What is known of how long the tasks of one definition take, by {@link TaskNames}. */
interface TaskTimes {
  /** How long the task took, from hand-over to result; null: it has not been seen yet. */
  @Nullable Times of(String name);

  /** Whether the task was skipped more often than it was carried out. */
  boolean isMostlySkipped(String name);

  /** A distribution. */
  interface Times {
    /** How many were seen; 1 or more. */
    long samples();

    /**
     * @param share from 0 to 1
     * @return milliseconds
     */
    double quantile(double share);

    /** Which share took no longer than this. */
    double shareWithin(double millis);

    /** What is left, in milliseconds, of one that has taken so long already. */
    default double left(double share, double elapsedMillis) {
      double gone = shareWithin(elapsedMillis);
      return Math.max(0, quantile(gone + share * (1 - gone)) - elapsedMillis);
    }
  }
}
