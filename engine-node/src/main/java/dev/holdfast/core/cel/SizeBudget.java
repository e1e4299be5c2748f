package dev.holdfast.core.cel;

import dev.holdfast.api.JsonValues;
import dev.holdfast.core.ExpressionException;
import dev.holdfast.core.Limits;
import org.jspecify.annotations.Nullable;

/** What a value may still take, in bytes of {@link JsonValues#sizeBytes}. For one thread. */
final class SizeBudget {
  private long bytesLeft = Limits.PAYLOAD_BYTES_MAX;

  /**
   * @throws ExpressionException when that is more than is left
   */
  void charge(long bytes) {
    bytesLeft -= bytes;
    if (bytesLeft < 0) {
      throw new ExpressionException(
          "the result is larger than " + Limits.PAYLOAD_BYTES_MAX + " bytes");
    }
  }

  void charge(@Nullable Object json) {
    charge(JsonValues.sizeBytes(json));
  }
}
