package dev.holdfast.journal.codec;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.PlanResolver;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a snapshot's body is: the chain's head and the state, sealed.
 *
 * @param hash the chain's head after the state's last event
 */
public record SealedState(ExecutionState state, byte[] hash) {
  /** The body. */
  public byte[] seal() {
    byte[] encoded = StateCodec.encode(state);
    return Sealed.seal(
        ByteBuffer.allocate(EntryEncoder.HASH_BYTES + encoded.length)
            .put(hash)
            .put(encoded)
            .array());
  }

  /**
   * Reads a body back.
   *
   * @param seq that the state must be of
   * @throws CodecException when it is damaged
   */
  public static SealedState open(byte[] body, long seq, PlanResolver plans) {
    byte[] bytes = Sealed.open(body);
    if (bytes.length < EntryEncoder.HASH_BYTES) {
      throw new CodecException("only " + bytes.length + " bytes");
    }
    ExecutionState state =
        StateCodec.decode(Arrays.copyOfRange(bytes, EntryEncoder.HASH_BYTES, bytes.length), plans);
    if (state.seq() != seq) {
      throw new CodecException("is of seq " + state.seq() + " and says " + seq);
    }
    return new SealedState(state, Arrays.copyOf(bytes, EntryEncoder.HASH_BYTES));
  }
}
