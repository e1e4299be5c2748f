package dev.holdfast.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Instants as databases have them: nanoseconds since 1970, which reach to the year 2262. */
public final class Times {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private Times() {}

  /**
   * @throws ArithmeticException after the year 2262
   */
  public static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
  }

  /** The same, and null for null. */
  public static @Nullable Long nanosOrNull(@Nullable Instant instant) {
    return instant == null ? null : nanos(instant);
  }

  /** What {@link #nanos} was made of. */
  public static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
  }
}
