package dev.holdfast.grid.dispatch;

import dev.holdfast.grid.RateLimit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A rate as tokens that come in evenly, for members that take turns. It begins empty and holds a
 * tenth of a second's worth, one at least, so that a pause is not made up for by a burst.
 * Thread-safe.
 */
public final class TokenBucket {
  private static final long HELD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** What comes in while a whole token waits to be asked for; without it the rate isn't reached. */
  private static final double LATE_TOKENS = 0.5;

  /** Who has not asked for so long does not wait for a turn. */
  private static final long IN_LINE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final double nanosEach;
  private final double capacity;

  /** Members that ask, and when they did last, in the order of their turns. */
  private final Map<UUID, Long> line = new LinkedHashMap<>();

  private double tokens;
  private long filledNanos;

  /**
   * @param nowNanos as {@code System.nanoTime}
   */
  public TokenBucket(RateLimit limit, long nowNanos) {
    this.nanosEach = limit.nanosEach();
    this.capacity = held(limit) + LATE_TOKENS;
    this.filledNanos = nowNanos;
  }

  /** Whole tokens of a tenth of a second, one at least: what is kept at most wherever any are. */
  static int held(RateLimit limit) {
    return (int) Math.max(1, HELD_NANOS / limit.nanosEach());
  }

  /**
   * Takes up to so many whole tokens; those are left that others may have first.
   *
   * @param nowNanos as {@code System.nanoTime}
   */
  public synchronized int take(UUID member, int most, long nowNanos) {
    if (nowNanos - filledNanos > 0) {
      tokens = Math.min(capacity, tokens + (nowNanos - filledNanos) / nanosEach);
      filledNanos = nowNanos;
    }
    line.values().removeIf(asked -> nowNanos - asked > IN_LINE_NANOS);
    line.put(member, nowNanos);
    int ahead = 0;
    for (UUID other : line.keySet()) {
      if (other.equals(member)) {
        break;
      }
      ahead++;
    }
    int mine = Math.ceilDiv(Math.max(0, (int) tokens - ahead), line.size());
    int taken = Math.min(most, mine);
    if (taken > 0) {
      tokens -= taken;
      line.remove(member);
    }
    return taken;
  }
}
