package dev.holdfast.grid.blob;

import dev.holdfast.core.Limits;
import java.time.Duration;

/**
 * What a member does with large data.
 *
 * @param inlineLimit bytes of an output or input from which on it is kept by reference, 1024 to
 *     {@link Limits#PAYLOAD_BYTES_MAX}
 * @param bytesMax bytes of one blob, at most
 * @param grace how long a blob stays that no execution refers to
 * @param copyAfter how long a member may be away before others copy what it had
 */
public record BlobSettings(int inlineLimit, long bytesMax, Duration grace, Duration copyAfter) {
  /** Of a member that was not told otherwise: 64 KiB, 1 GiB, a day, 30 s. */
  public static final BlobSettings DEFAULT =
      new BlobSettings(64 << 10, 1L << 30, Duration.ofDays(1), Duration.ofSeconds(30));

  /** The least that can be the limit for values inline. */
  public static final int INLINE_LIMIT_MIN = 1 << 10;

  /**
   * @throws IllegalArgumentException when a number is out of its range
   */
  public BlobSettings {
    if (inlineLimit < INLINE_LIMIT_MIN || inlineLimit > Limits.PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the inline limit must be %d to %d, but is %d"
              .formatted(INLINE_LIMIT_MIN, Limits.PAYLOAD_BYTES_MAX, inlineLimit));
    }
    if (bytesMax < inlineLimit) {
      throw new IllegalArgumentException(
          "blobs must be allowed more bytes than values inline, but it is " + bytesMax);
    }
  }
}
