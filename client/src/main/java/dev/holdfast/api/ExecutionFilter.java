package dev.holdfast.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which executions to list, newest first. Immutable; each method gives a changed copy.
 *
 * @param status null: any
 * @param definition its name; null: any
 * @param session null: any
 * @param attributes all of these
 * @param from started at or after
 * @param to started before
 * @param limit 1 to 1000, default 50
 * @param cursor the {@code nextCursor} of the page before; null: from the newest
 */
public record ExecutionFilter(
    @Nullable ExecutionStatus status,
    @Nullable String definition,
    @Nullable String session,
    Map<String, String> attributes,
    @Nullable Instant from,
    @Nullable Instant to,
    int limit,
    @Nullable String cursor) {
  /** The newest 50 of all. */
  public static final ExecutionFilter ALL =
      new ExecutionFilter(null, null, null, Map.of(), null, null, 50, null);

  public ExecutionFilter {
    attributes = Map.copyOf(attributes);
    if (limit < 1 || limit > 1000) {
      throw new IllegalArgumentException("limit must be 1 to 1000, but is: " + limit);
    }
  }

  public ExecutionFilter status(ExecutionStatus value) {
    return new ExecutionFilter(value, definition, session, attributes, from, to, limit, cursor);
  }

  public ExecutionFilter definition(String value) {
    return new ExecutionFilter(status, value, session, attributes, from, to, limit, cursor);
  }

  public ExecutionFilter session(String value) {
    return new ExecutionFilter(status, definition, value, attributes, from, to, limit, cursor);
  }

  public ExecutionFilter attributes(Map<String, String> value) {
    return new ExecutionFilter(status, definition, session, value, from, to, limit, cursor);
  }

  public ExecutionFilter started(@Nullable Instant atOrAfter, @Nullable Instant before) {
    return new ExecutionFilter(
        status, definition, session, attributes, atOrAfter, before, limit, cursor);
  }

  /**
   * @throws IllegalArgumentException when it is not 1 to 1000
   */
  public ExecutionFilter limit(int value) {
    return new ExecutionFilter(status, definition, session, attributes, from, to, value, cursor);
  }

  public ExecutionFilter after(String nextCursor) {
    return new ExecutionFilter(
        status, definition, session, attributes, from, to, limit, nextCursor);
  }
}
