package dev.holdfast.core;

import dev.holdfast.api.BlobRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Data that an execution has by reference. */
public final class LargeData {
  private LargeData() {}

  /** Why expressions see nothing of what this reference stands for, and what to do. */
  public static String unreadable(Map<?, ?> reference) {
    Object bytes = reference.get("bytes");
    return "the value is kept by reference (%s%s), which expressions can't look inside; pass it on"
            .formatted(reference.get(BlobRef.FIELD), bytes == null ? "" : ", " + bytes + " bytes")
        + " whole, or have the task give what is wanted of it as a small output";
  }

  /** The same of a value that may be none; null: it is none. */
  static @Nullable String unreadable(@Nullable Object value) {
    return value instanceof Map<?, ?> map && BlobRef.isReference(map) ? unreadable(map) : null;
  }
}
