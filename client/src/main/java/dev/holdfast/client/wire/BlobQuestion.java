package dev.holdfast.client.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What a client asks of a member about large data. Pieces of an upload go to one member; anything
 * else can be asked of any.
 *
 * @param tenant whose data it is about
 * @param upload number of the upload, chosen by the client and never used twice; 0: none
 * @param text a SHA-256, or the media type of what is kept
 * @param from place in the content
 * @param most bytes wanted, at most
 * @param bytes a piece of content; null: none
 */
public record BlobQuestion(
    Op op, String tenant, long upload, String text, long from, int most, byte @Nullable [] bytes) {
  /** What is asked. */
  public enum Op {
    /** Takes the next piece of an upload, which the first one begins. A repeat changes nothing. */
    PIECE,
    /** Ends an upload: what came is a blob from here on. */
    KEEP,
    /** Gives an upload up. */
    DISCARD,
    /** How large a blob is, and what it is. */
    FIND,
    /** Some of a blob's content; none at its end. */
    READ
  }

  /** Bytes of one piece, at most. */
  public static final int PIECE_BYTES_MAX = 256 << 10;

  public byte[] encode() {
    return CborValues.MAPPER.writeValueAsBytes(this);
  }

  /**
   * @throws IllegalArgumentException when the bytes are something else
   */
  public static BlobQuestion decode(byte[] bytes) {
    try {
      return CborValues.MAPPER.readValue(bytes, BlobQuestion.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a question about a blob", e);
    }
  }
}
