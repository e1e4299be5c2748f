package dev.holdfast.client.wire;

/**
 * A member's side of the thin client, found in its user context under {@link Wire#GATE}; that for
 * large data, which takes a {@link BlobQuestion}, under {@link Wire#BLOB_GATE}.
 */
@FunctionalInterface
public interface MemberGate {
  /**
   * Runs a batch by {@link BatchCodec} and answers with its replies, in order, once all that they
   * say is durable. Blocks, for a bounded time; called on the threads of {@link Wire#EXECUTOR}.
   *
   * @throws IllegalArgumentException when the bytes are not a batch
   */
  byte[] handle(byte[] batch);
}
