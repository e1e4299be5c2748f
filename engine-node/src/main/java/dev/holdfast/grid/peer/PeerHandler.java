package dev.holdfast.grid.peer;

import java.util.UUID;

/** Answers one kind of question of other members. */
@FunctionalInterface
public interface PeerHandler {
  /**
   * Answers. Runs on one of {@link Peers#THREADS} threads, never on a partition's, so it may wait
   * for a commit but not for longer things; what it throws fails the asking member's future.
   *
   * @param from the member that asks
   * @return empty where the answer says nothing
   */
  byte[] handle(UUID from, byte[] body);
}
