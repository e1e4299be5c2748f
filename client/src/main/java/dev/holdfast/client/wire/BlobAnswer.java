package dev.holdfast.client.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A member's answer to a {@link BlobQuestion}.
 *
 * @param code of a refusal, as in the HTTP API; null: it is none
 * @param message why it was refused; empty where it was not
 * @param sha256 of the blob that was kept or found; empty for other answers
 * @param size of that blob's content in bytes
 * @param mediaType of that blob
 * @param bytes the content that was asked for; null: none was
 */
public record BlobAnswer(
    @Nullable String code,
    String message,
    String sha256,
    long size,
    String mediaType,
    byte @Nullable [] bytes) {
  /** The member knows nothing of the upload: it restarted, or was left waiting for too long. */
  public static final String UNKNOWN_UPLOAD = "unknown-upload";

  /** It is done. */
  public static BlobAnswer done() {
    return new BlobAnswer(null, "", "", 0, "", null);
  }

  /** A blob. */
  public static BlobAnswer blob(String sha256, long size, String mediaType) {
    return new BlobAnswer(null, "", sha256, size, mediaType, null);
  }

  /** Some content. */
  public static BlobAnswer content(byte[] bytes) {
    return new BlobAnswer(null, "", "", 0, "", bytes);
  }

  public static BlobAnswer refused(String code, String message) {
    return new BlobAnswer(code, message, "", 0, "", null);
  }

  public byte[] encode() {
    return CborValues.MAPPER.writeValueAsBytes(this);
  }

  /**
   * @throws IllegalArgumentException when the bytes are something else
   */
  public static BlobAnswer decode(byte[] bytes) {
    try {
      return CborValues.MAPPER.readValue(bytes, BlobAnswer.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not an answer about a blob", e);
    }
  }
}
