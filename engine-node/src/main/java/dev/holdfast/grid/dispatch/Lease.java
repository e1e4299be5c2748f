package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskToken;
import dev.holdfast.grid.Dispatcher.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a running attempt, and when it was last heard of. Times are of {@code System.nanoTime}:
 * a jump of the wall clock loses no lease.
 */
final class Lease {
  final ExecutionKey execution;
  final TaskToken token;

  /** Name of who runs it. */
  final String worker;

  /** Longest silence allowed, in nanoseconds; 0: the task asks for no heartbeats. */
  final long heartbeatNanos;

  final long startedNanos;

  /** The connected agent that holds it; null: an HTTP worker, or unknown after a restart. */
  volatile @Nullable AgentChannel holder;

  /** Someone must claim it until then, or it is lost; {@code Long.MAX_VALUE}: it is claimed. */
  volatile long claimUntilNanos;

  volatile long heardNanos;
  volatile @Nullable Progress progress;

  /** Beats in a row in which its holder has not named it; touched by beats alone. */
  int missedBeats;

  Lease(
      ExecutionKey execution,
      TaskToken token,
      String worker,
      long heartbeatNanos,
      long nowNanos,
      @Nullable AgentChannel holder,
      long claimUntilNanos) {
    this.execution = execution;
    this.token = token;
    this.worker = worker;
    this.heartbeatNanos = heartbeatNanos;
    this.startedNanos = nowNanos;
    this.heardNanos = nowNanos;
    this.holder = holder;
    this.claimUntilNanos = claimUntilNanos;
  }

  void claimed(long nowNanos) {
    heardNanos = nowNanos;
    claimUntilNanos = Long.MAX_VALUE;
  }

  boolean isWatched() {
    return heartbeatNanos > 0 || claimUntilNanos != Long.MAX_VALUE;
  }
}
