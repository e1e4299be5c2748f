package dev.holdfast.journal.codec;

import dev.holdfast.api.ValueFormat;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An execution's attributes as its row has them. */
public final class AttributesCodec {
  private AttributesCodec() {}

  /** As CBOR; null when there are none. */
  public static byte @Nullable [] write(Map<String, String> attributes) {
    return attributes.isEmpty() ? null : ValueFormat.CBOR.write(attributes);
  }

  /** What {@link #write} was given. */
  public static Map<String, String> read(byte @Nullable [] cbor) {
    if (cbor == null) {
      return Map.of();
    }
    var attributes = new HashMap<String, String>();
    ValueFormat.CBOR.readMap(cbor).forEach((key, value) -> attributes.put(key, (String) value));
    return Map.copyOf(attributes);
  }
}
