package dev.holdfast.cli.workflow;

import dev.holdfast.cli.http.Json;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Events in a few words. */
final class Events {
  /** Shown in columns of their own, or of no use to a reader. */
  private static final Set<String> NOT_SAID =
      Set.of(
          "seq",
          "at",
          "type",
          "task",
          "by",
          "hash",
          "epoch",
          "commandId",
          "execution",
          "deadline",
          "definition",
          "version",
          "variables",
          "attributes",
          "session",
          "priority");

  private static final Set<String> LAST =
      Set.of("ExecutionCompleted", "ExecutionFailed", "ExecutionCancelled", "ExecutionTimedOut");

  private Events() {}

  /** Whether nothing comes after an event of that type, unless the execution is retried. */
  static boolean isLast(@Nullable Object type) {
    return type != null && LAST.contains(type.toString());
  }

  /** Its fields, such as {@code worker=w-1 attempt=2}. */
  static String what(Map<String, @Nullable Object> event) {
    StringJoiner words = new StringJoiner(" ");
    event.forEach((name, value) -> {
      if (value != null && !NOT_SAID.contains(name)) {
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
