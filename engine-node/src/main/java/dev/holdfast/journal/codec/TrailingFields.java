package dev.holdfast.journal.codec;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The optional fields at the end of an array, each an array itself. Those behind the last one that
 * is there are left out, so that fields can be added without another format; absent ones before it
 * are nulls.
 */
final class TrailingFields {
  private final CborReader in;
  private boolean ended;

  /** Of the array whose other fields have been read. */
  TrailingFields(CborReader in) {
    this.in = in;
  }

  /** The next field, whose array has begun when it is asked for; null when it is absent. */
  <T> @Nullable T next(Supplier<T> field) {
    if (ended || !in.beginArrayOrNullOrEnd()) {
      ended = true;
      return null;
    }
    return in.atNull() ? null : field.get();
  }

  /** The array's end. */
  void end() {
    if (!ended) {
      in.endArray();
    }
  }

  /** How many of these fields are to be written. */
  static int count(boolean... present) {
    int count = present.length;
    while (count > 0 && !present[count - 1]) {
      count--;
    }
    return count;
  }

  /** Writes the field, or that it is absent where others follow. */
  static void write(CborWriter out, boolean present, boolean isBeforeLast, Runnable field) {
    if (present) {
      field.run();
    } else if (isBeforeLast) {
      out.nothing();
    }
  }
}
