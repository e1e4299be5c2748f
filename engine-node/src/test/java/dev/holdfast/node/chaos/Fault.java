package dev.holdfast.node.chaos;

/** What is done to a cluster during a run. */
enum Fault {
  /** kill -9 of a member, which is started again. */
  KILL,
  /** kill -9 of every member at once; all are started again. */
  KILL_ALL,
  /** SIGTERM of a member, which has to exit with 0, and is started again. */
  TERMINATE,
  /** SIGSTOP of a member for longer than its detection takes, then SIGCONT. */
  SUSPEND,
  /** SIGSTOP of a member for less than that. */
  STALL,
  /** One member can't reach the others, nor they it; then it can again. */
  PARTITION,
  /** No member can reach another; then they can again. */
  SHATTER,
  /**
   * kill -9 of a member, whose disk is lost; it is started again with an empty one. The disks are
   * settled before: until then the beginning of a history may be on that one alone (ADR 0021).
   */
  DISK_LOST,
  /** The database that all share is stopped, and started again. */
  DATABASE_STOP,
  /** SIGSTOP of the database for longer than the store waits for it, then SIGCONT. */
  DATABASE_HANG
}
