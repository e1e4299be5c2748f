package dev.holdfast.api;

/** What a schedule does. */
public enum ScheduleStatus {
  /** It begins executions at its times. */
  ACTIVE,
  /** It begins nothing. */
  PAUSED,
  /** It is no more; what it had begun goes on. */
  DELETED
}
