package dev.holdfast.api;

import java.time.InstantSource;
import java.util.UUID;

/** Makes ids for executions whose starter gives none. */
public final class ExecutionIds {
  private static final long MILLIS_36_WIDTH = 36L * 36 * 36 * 36 * 36 * 36 * 36 * 36 * 36;
  private static final int RANDOM_CHARS = 13;

  private ExecutionIds() {}

  /** A new id: 22 characters of {@code 0-9 a-z} that sort by time, 64 bits of them random. */
  public static String next(InstantSource clock) {
    // A fixed width of nine digits in base 36 lasts until the year 5188.
    String time = Long.toString(MILLIS_36_WIDTH + clock.millis(), Character.MAX_RADIX).substring(1);
    UUID uuid = UUID.randomUUID();
    // Folded, the random bits of one half cover the fixed bits of the other.
    long random = uuid.getMostSignificantBits() ^ uuid.getLeastSignificantBits();
    String tail = Long.toUnsignedString(random, Character.MAX_RADIX);
    return time + "0".repeat(RANDOM_CHARS - tail.length()) + tail;
  }
}
