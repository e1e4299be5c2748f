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

  /** The member was merged into another cluster: nothing that it knew of executions holds. */
  void left();
}
