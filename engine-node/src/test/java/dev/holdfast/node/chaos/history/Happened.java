package dev.holdfast.node.chaos.history;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * One event of an execution's final history.
 *
 * @param task empty: it is of no task
 * @param attempt 0: it is of no attempt
 * @param epoch under which it was decided
 * @param hash hex
 * @param fields all of it, as the API shows it
 */
public record Happened(
    long seq, String type, String task, int attempt, long epoch, String hash, JsonNode fields) {

  /** Reads an event as the API shows it. */
  public static Happened of(JsonNode event) {
    return new Happened(
        event.get("seq").asLong(),
        event.get("type").asString(),
        event.path("task").asString(""),
        event.path("attempt").asInt(0),
        event.path("epoch").asLong(0),
        event.path("hash").asString(""),
        event);
  }

  /** When it was decided, by its owner's clock. */
  public Instant at() {
    return Instant.parse(text("at"));
  }

  public boolean is(String other) {
    return type.equals(other);
  }

  /** A field of its own; empty: it has none of that name. */
  public String text(String field) {
    return fields.path(field).asString("");
  }

  /** The {@code reason} it was asked with; empty: none. */
  public String reason() {
    return text("reason");
  }

  /** The {@code of} of its output; empty: none. */
  public String mark() {
    return fields.path("output").path("of").asString("");
  }

  /** Whether the execution has ended with it. */
  public boolean isEnd() {
    return switch (type) {
      case "ExecutionCompleted", "ExecutionFailed", "ExecutionCancelled", "ExecutionTimedOut" ->
          true;
      default -> false;
    };
  }

  /** The status that it leaves an ended execution in. */
  public String endStatus() {
    return switch (type) {
      case "ExecutionCompleted" -> "COMPLETED";
      case "ExecutionFailed" -> "FAILED";
      case "ExecutionCancelled" -> "CANCELLED";
      case "ExecutionTimedOut" -> "TIMED_OUT";
      default -> throw new IllegalStateException(type + " ends nothing");
    };
  }
}
