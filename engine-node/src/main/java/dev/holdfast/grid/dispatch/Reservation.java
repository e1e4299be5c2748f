package dev.holdfast.grid.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * A place with an agent, put aside for a task until the task's start is durable.
 *
 * @param nonce becomes the attempt's
 * @param sinceNanos when it was made, by {@code System.nanoTime}
 * @param task that waited before and is being started; null: one that became ready just now, or one
 *     that waits again
 */
@SuppressWarnings("exports")
public record Reservation(
    AgentChannel channel, long nonce, long sinceNanos, @Nullable ReadyTask task) {
  /** The same place, whatever becomes of the task. */
  Reservation ofNoTask() {
    return new Reservation(channel, nonce, sinceNanos, null);
  }

  public String worker() {
    return channel.profile.worker();
  }
}
