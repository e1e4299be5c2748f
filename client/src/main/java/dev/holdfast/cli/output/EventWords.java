package dev.holdfast.cli.output;

import dev.holdfast.cli.http.Json;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Events in a few words.
 *
 * @param notSaid names of fields that are left out
 */
public record EventWords(Set<String> notSaid) {
  /** Its fields, such as {@code worker=w-1 attempt=2}. */
  public String of(Map<String, @Nullable Object> event) {
    StringJoiner words = new StringJoiner(" ");
    event.forEach((name, value) -> {
      if (value != null && !notSaid.contains(name)) {
        words.add(name + '=' + text(value));
      }
    });
    return words.toString();
  }

  private static String text(Object value) {
    if (value instanceof Map<?, ?> error && error.get("message") != null) {
      return error.get("type") + ": " + error.get("message");
    }
    return value instanceof String text ? text : Json.line(value);
  }
}
