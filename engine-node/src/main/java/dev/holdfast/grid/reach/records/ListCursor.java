package dev.holdfast.grid.reach.records;

import dev.holdfast.journal.ExecutionRow;
import dev.holdfast.journal.PageCursor;
import dev.holdfast.journal.Times;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of the whole cluster's executions ended. Members number what arrives each for
 * itself, so executions of one start time are put in the order of their ids, which is the same
 * wherever they are owned.
 *
 * @param startedAtNanos nanoseconds since 1970
 * @param id the last execution of the page
 */
record ListCursor(long startedAtNanos, String id) {
  private static final char SEPARATOR = '~';

  /** The order of lists: newest first. */
  static final Comparator<ExecutionRow> ORDER =
      Comparator.comparing(ExecutionRow::startedAt).reversed().thenComparing(row -> row.key().id());

  static ListCursor of(ExecutionRow row) {
    return new ListCursor(Times.nanos(row.startedAt()), row.key().id());
  }

  /**
   * Reads the text form back; null for null.
   *
   * @throws IllegalArgumentException when the text was not made by {@link #text}
   */
  static @Nullable ListCursor parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    int separator = text.indexOf(SEPARATOR);
    try {
      if (separator > 0 && separator < text.length() - 1) {
        return new ListCursor(
            Long.parseUnsignedLong(text.substring(0, separator), Character.MAX_RADIX),
            text.substring(separator + 1));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a cursor of a page: " + text, e);
    }
    throw new IllegalArgumentException("not a cursor of a page: " + text);
  }

  /** The text form, opaque to who is given it. */
  String text() {
    return Long.toUnsignedString(startedAtNanos, Character.MAX_RADIX) + SEPARATOR + id;
  }

  /** Whether the row belongs to the pages after this one. */
  boolean isBefore(ExecutionRow row) {
    long startedAt = Times.nanos(row.startedAt());
    return startedAt < startedAtNanos
        || startedAt == startedAtNanos && row.key().id().compareTo(id) > 0;
  }

  /** In a store's own terms: before everything that was started at that time. */
  String ofStore() {
    return new PageCursor(startedAtNanos, Long.MAX_VALUE).text();
  }
}
