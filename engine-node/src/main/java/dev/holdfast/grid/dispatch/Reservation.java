package dev.holdfast.grid.dispatch;

/**
 * A place with an agent, put aside for a task until the task's start is durable.
 *
 * @param nonce becomes the attempt's
 */
@SuppressWarnings("exports")
public record Reservation(AgentChannel channel, long nonce) {
  public String worker() {
    return channel.profile.worker();
  }
}
