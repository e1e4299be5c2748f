package dev.holdfast.grid.peer;

import java.util.UUID;

/** Answers one kind of question of other members. */
@FunctionalInterface
public interface PeerHandler {
  /**
   * Answers. Runs on a thread of the question's {@link PeerOp.Lane}, never on a partition's, so it
   * may wait for what the lane is for but not for longer things; what it throws fails the asking
   * member's future.
   *
   * @param from the member that asks
   * @return empty where the answer says nothing
   */
  byte[] handle(UUID from, byte[] body);
}
