package dev.holdfast.grid;

/**
 * The epoch under which this member may decide (DESIGN §1). An epoch belongs to one version of the
 * member list and is agreed on by a quorum, each of which has it durably before it is used: so of
 * two sides that can't see each other at most one has an epoch, and of two epochs the later is the
 * higher number.
 */
public interface Epochs {
  /** No epoch: nothing may be decided, nor confirmed to anybody. */
  long NONE = 0;

  /**
   * The epoch of the member list as it is now; {@link #NONE} while the cluster is not open, has no
   * quorum, or has not agreed on one since the last member came or went, and as long as a quorum
   * has not said within the last seconds that it goes by it. Cheap: asked for in every transition.
   */
  long current();

  /**
   * The highest epoch that this member has promised to go by: what was decided under a lower one is
   * not taken from anybody any more.
   */
  long promised();

  /**
   * Whether an operator opened the cluster with this member only: there is nobody who could have a
   * second copy, so its own disk has to do.
   */
  boolean isAlone();
}
