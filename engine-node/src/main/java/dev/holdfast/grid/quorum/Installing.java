package dev.holdfast.grid.quorum;

/**
 * Brings what this member has of the executions into the cluster's memory, before the cluster
 * opens. Every member does so at the same time; the cluster opens when all of them are through.
 */
@FunctionalInterface
public interface Installing {
  /**
   * Returns when all of it is there. Called by a thread of its own, which is interrupted when a
   * member came or went meanwhile; it is then called again, so it must be repeatable. What it
   * throws is logged, and it is called again a moment later.
   */
  void install() throws InterruptedException;
}
