package dev.holdfast.client.wire;

import java.util.List;
import java.util.UUID;

/**
 * What a client sends at once.
 *
 * @param client the sender's id in the cluster, which pushes go to
 * @param actor who is named in events that this causes
 * @param windows how many tasks the sessions of the member may have been assigned in all; applied
 *     before any request, so that a result and the next task can share a transition
 */
public record RequestBatch(
    UUID client, String tenant, String actor, List<Window> windows, List<Request> requests) {
  /**
   * Flow control of one session. The number only grows and is absolute, so a lost, repeated or late
   * one does no harm.
   *
   * @param limit tasks that the session may be assigned, counted from its opening
   */
  public record Window(long session, long limit) {}
}
