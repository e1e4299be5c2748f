package dev.holdfast.api;

/** Where an execution stands (CONTRACT §2). */
public enum ExecutionStatus {
  /** Tasks are handed out as they become ready. */
  RUNNING,
  /** A graceful pause was asked for; attempts that were running are being waited for. */
  PAUSING,
  /** Nothing runs and nothing is handed out until the execution is resumed. */
  PAUSED,
  /** A cancellation was asked for and work that must end first is being waited for. */
  CANCELLING,
  /** Every task ended and none failed the execution. */
  COMPLETED,
  /** A task failed for good, or a bound was passed. It can be retried. */
  FAILED,
  /** An operator cancelled it. */
  CANCELLED,
  /** It ran longer than its time-out, pauses not counted. */
  TIMED_OUT;

  /**
   * Whether nothing more happens to an execution in this status, unless a failed one is retried.
   */
  public boolean isEnded() {
    return switch (this) {
      case COMPLETED, FAILED, CANCELLED, TIMED_OUT -> true;
      case RUNNING, PAUSING, PAUSED, CANCELLING -> false;
    };
  }
}
