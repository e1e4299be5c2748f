package dev.holdfast.api;

/** Where a task stands (CONTRACT §2). */
public enum TaskStatus {
  /** Some of its needs have not ended yet. */
  PENDING,
  /** It waits for an agent. */
  READY,
  /** An agent holds an attempt of it. */
  RUNNING,
  /** Its last attempt failed and the next one waits for its back-off to pass. */
  RETRYING,
  /** A person has to approve it before it is handed out. */
  AWAITING_APPROVAL,
  /** An attempt of it succeeded. */
  COMPLETED,
  /** It failed for good. */
  FAILED,
  /** It was not on the path that the execution took. */
  SKIPPED,
  /** The execution ended before it did. */
  CANCELLED;

  /** Whether the task is through, whatever the outcome. */
  public boolean isEnded() {
    return switch (this) {
      case COMPLETED, FAILED, SKIPPED, CANCELLED -> true;
      case PENDING, READY, RUNNING, RETRYING, AWAITING_APPROVAL -> false;
    };
  }
}
