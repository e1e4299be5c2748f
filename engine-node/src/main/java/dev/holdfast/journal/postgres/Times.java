package dev.holdfast.journal.postgres;

import dev.holdfast.journal.PageCursor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Instants as the database has them: nanoseconds since 1970, which reach to the year 2262. */
final class Times {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private Times() {}

  static long nanos(Instant instant) {
    return PageCursor.nanos(instant);
  }

  static @Nullable Long nanosOrNull(@Nullable Instant instant) {
    return instant == null ? null : nanos(instant);
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
  }
}
