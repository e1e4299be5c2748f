package dev.holdfast.grid.quorum;

/** How far the opening of a cluster has come; it only goes on, never back. */
enum Phase {
  /** Members are missing. */
  WAITING,
  /** Every member brings in what it has of the executions. */
  INSTALLING,
  /** Commands are taken. */
  OPEN;

  private static final Phase[] ALL = values();

  static Phase of(int ordinal) {
    return ALL[ordinal];
  }
}
