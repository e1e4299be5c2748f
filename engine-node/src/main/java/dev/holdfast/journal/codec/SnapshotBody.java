package dev.holdfast.journal.codec;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.PlanResolver;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a snapshot holds: the chain's head at a state, and the state.
 *
 * @param hash 32 bytes
 * @param bytes the encoded state's size
 */
public record SnapshotBody(ExecutionState state, byte[] hash, int bytes) {
  /** The encoded body, sealed. */
  public static byte[] seal(byte[] hash, byte[] encodedState) {
    return Sealed.seal(
        ByteBuffer.allocate(EntryEncoder.HASH_BYTES + encodedState.length)
            .put(hash)
            .put(encodedState)
            .array());
  }

  /**
   * The hash alone.
   *
   * @throws CodecException when it is damaged
   */
  public static byte[] hash(byte[] sealed) {
    byte[] body = Sealed.open(sealed);
    if (body.length < EntryEncoder.HASH_BYTES) {
      throw new CodecException("only " + body.length + " bytes");
    }
    return Arrays.copyOf(body, EntryEncoder.HASH_BYTES);
  }

  /**
   * Reads it back.
   *
   * @param seq what the state's must be
   * @throws CodecException when it is damaged, or of another seq
   */
  public static SnapshotBody open(byte[] sealed, long seq, PlanResolver plans) {
    byte[] body = Sealed.open(sealed);
    if (body.length < EntryEncoder.HASH_BYTES) {
      throw new CodecException("only " + body.length + " bytes");
    }
    byte[] encoded = Arrays.copyOfRange(body, EntryEncoder.HASH_BYTES, body.length);
    ExecutionState state = StateCodec.decode(encoded, plans);
    if (state.seq() != seq) {
      throw new CodecException("is of seq " + state.seq() + " and says " + seq);
    }
    return new SnapshotBody(state, Arrays.copyOf(body, EntryEncoder.HASH_BYTES), encoded.length);
  }
}
