package dev.holdfast.api;

/** What became of a time of a schedule. */
public enum FiringOutcome {
  /** Its execution ended well. */
  COMPLETED,
  /** Its execution failed. */
  FAILED,
  /** Its execution was cancelled. */
  CANCELLED,
  /** Its execution ran longer than it may. */
  TIMED_OUT,
  /** No execution could be begun. */
  NOT_STARTED,
  /** Nothing was begun, since what was begun before had not ended ({@link OverlapPolicy#SKIP}). */
  SKIPPED,
  /**
   * It waited, and a later time came before it could begin ({@link OverlapPolicy#CANCEL_OTHER}).
   */
  SUPERSEDED,
  /** Nothing was begun, since as many times as may waited already ({@link OverlapPolicy#QUEUE}). */
  QUEUE_FULL,
  /** Nobody was there when it came, nor within the schedule's catch-up window after it. */
  MISSED,
  /** The schedule was paused. */
  PAUSED
}
