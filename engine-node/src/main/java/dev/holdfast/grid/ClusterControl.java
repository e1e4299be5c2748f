package dev.holdfast.grid;

import dev.holdfast.core.Rejection;
import dev.holdfast.grid.quorum.Standing;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What operators and their machines do with the cluster, and with this member of it. */
public interface ClusterControl {
  /** Whether commands are taken here; asks nobody. */
  Standing standing();

  /**
   * Why nothing about executions and definitions can be answered here; empty when it can. What this
   * member has in memory is the truth only while the cluster is open: a part that was cut off lacks
   * executions, and has old ones. Cheap; asks nobody.
   */
  Optional<Rejection> refusal();

  /** Completes when the cluster has opened for this member the first time. */
  CompletableFuture<Void> opened();

  /**
   * Opens the cluster with the members that are there now, or lets them go on without those that
   * are missing; those must be gone for good. Completes when the cluster's master has heard of it.
   */
  CompletableFuture<Void> forceOpen();

  /**
   * Hands over what this member owns and leaves the cluster. Completes when it has left; asked
   * again it gives the same.
   */
  CompletableFuture<Void> drain();

  /** Completes when {@link #drain} has begun: calls that wait are to be answered then. */
  CompletableFuture<Void> draining();
}
