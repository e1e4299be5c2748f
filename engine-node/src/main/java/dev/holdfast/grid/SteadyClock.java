package dev.holdfast.grid;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Wall-clock time that doesn't jump: it begins with the wall clock and goes on with the monotonic
 * one, drawn towards the wall clock by at most {@link #SLEW_MAX} of the time that passes. So a
 * clock set wrong for a while, or set right at last, fires no time-out early and holds none up.
 */
public final class SteadyClock implements InstantSource {
  /** Share of the time passed by which the clock may be corrected: 0.5 ms a second, as NTP does. */
  private static final double SLEW_MAX = 0.0005;

  private final InstantSource wall;
  private final LongSupplier nanoClock;
  private Instant anchor;
  private long anchorNanos;

  /**
   * @param nanoClock as {@code System.nanoTime}
   */
  public SteadyClock(InstantSource wall, LongSupplier nanoClock) {
    this.wall = wall;
    this.nanoClock = nanoClock;
    this.anchor = wall.instant();
    this.anchorNanos = nanoClock.getAsLong();
  }

  @Override
  public synchronized Instant instant() {
    return anchor.plusNanos(nanoClock.getAsLong() - anchorNanos);
  }

  /** Draws the clock towards the wall clock; called every second or so. */
  public synchronized void slew() {
    long nanos = nanoClock.getAsLong();
    Instant now = anchor.plusNanos(nanos - anchorNanos);
    long passed = nanos - anchorNanos;
    long most = (long) (passed * SLEW_MAX);
    Instant target = wall.instant();
    if (target.isAfter(now.plusNanos(most))) {
      target = now.plusNanos(most);
    } else if (target.isBefore(now.minusNanos(most))) {
      target = now.minusNanos(most);
    }
    anchor = target;
    anchorNanos = nanos;
  }
}
