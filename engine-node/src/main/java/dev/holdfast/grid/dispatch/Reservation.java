package dev.holdfast.grid.dispatch;

/**
 * A place with an agent, put aside for a task until the task's start is durable.
 *
 * @param nonce becomes the attempt's
 * @param sinceNanos when it was made, by {@code System.nanoTime}
 */
@SuppressWarnings("exports")
public record Reservation(AgentChannel channel, long nonce, long sinceNanos) {
  public String worker() {
    return channel.profile.worker();
  }
}
