package dev.holdfast.core.cel;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values as compact JSON text, for values that stand within other text. */
public final class JsonText {
  private static final String HEX = "0123456789abcdef";

  private JsonText() {}

  /** The value as JSON (RFC 8259), without spaces. Takes nothing but {@code JsonValues}. */
  public static String of(@Nullable Object value) {
    var text = new StringBuilder();
    append(text, value);
    return text.toString();
  }

  private static void append(StringBuilder text, @Nullable Object value) {
    switch (value) {
      case null -> text.append("null");
      case String s -> appendString(text, s);
      case Map<?, ?> map -> appendMap(text, map);
      case Collection<?> list -> appendList(text, list);
      default -> text.append(value);
    }
  }

  private static void appendMap(StringBuilder text, Map<?, ?> map) {
    char before = '{';
    for (var entry : map.entrySet()) {
      text.append(before);
      appendString(text, (String) entry.getKey());
      text.append(':');
      append(text, entry.getValue());
      before = ',';
    }
    text.append(map.isEmpty() ? "{}" : "}");
  }

  private static void appendList(StringBuilder text, Collection<?> list) {
    char before = '[';
    for (Object item : list) {
      text.append(before);
      append(text, item);
      before = ',';
    }
    text.append(list.isEmpty() ? "[]" : "]");
  }

  private static void appendString(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < 0x20) {
            text.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
