package dev.holdfast.grid.reach;

import java.util.concurrent.CompletableFuture;

/** How far this member has come with what it derives of the executions that it owns. */
public interface Derived {
  /** Whether all of the partition's executions, which this member owns, are in it. */
  boolean isKnown(int partition);

  /** Completes once all that has been acknowledged by now is in it. */
  CompletableFuture<Void> caughtUp();
}
