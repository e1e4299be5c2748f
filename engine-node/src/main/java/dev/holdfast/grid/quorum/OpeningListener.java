package dev.holdfast.grid.quorum;

/** Hears when this member's cluster opens for it. Calls are made in order, one at a time. */
public interface OpeningListener {
  /**
   * Commands are taken from now on.
   *
   * @param installed whether this member took part in the opening with what it has; false: it
   *     joined a cluster that was open, whose memory is the truth
   */
  void opened(boolean installed);

  /**
   * The cluster is not open any more for this member: it was merged into another part, or members
   * took the last copy of something with them. Nothing that was derived from executions in memory
   * holds, until it is {@link #opened} again.
   *
   * @param overtaken whether another part has gone on with what this member has in memory
   */
  void left(boolean overtaken);
}
