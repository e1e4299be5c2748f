package dev.holdfast.journal;

import org.jspecify.annotations.Nullable;

/**
 * Where a page of executions ended: pages are in the order of start times, newest first, and of
 * arrival where those are the same.
 *
 * @param startedAtNanos nanoseconds since 1970
 * @param ordinal number of the start, in order of arrival
 */
public record PageCursor(long startedAtNanos, long ordinal) {
  private static final char SEPARATOR = '-';

  /**
   * Reads the text form back; null for null.
   *
   * @throws IllegalArgumentException when the text was not made by {@link #text}
   */
  public static @Nullable PageCursor parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    int separator = text.indexOf(SEPARATOR);
    try {
      if (separator > 0) {
        return new PageCursor(
            Long.parseUnsignedLong(text.substring(0, separator), Character.MAX_RADIX),
            Long.parseUnsignedLong(text.substring(separator + 1), Character.MAX_RADIX));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a cursor of a page: " + text, e);
    }
    throw new IllegalArgumentException("not a cursor of a page: " + text);
  }

  /** The text form, opaque to who is given it. */
  public String text() {
    return Long.toUnsignedString(startedAtNanos, Character.MAX_RADIX)
        + SEPARATOR
        + Long.toUnsignedString(ordinal, Character.MAX_RADIX);
  }
}
