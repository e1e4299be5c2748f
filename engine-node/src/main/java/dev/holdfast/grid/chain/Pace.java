package dev.holdfast.grid.chain;

import java.util.concurrent.TimeUnit;

/** Keeps the settling from taking what work needs: so many bytes a second, and pauses between. */
final class Pace {
  private static final long BYTES_PER_SECOND = 16 << 20;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private Pace() {}

  /** Pauses after so many bytes. */
  static void after(long bytes) throws InterruptedException {
    long nanos = PAUSE_NANOS + bytes * TimeUnit.SECONDS.toNanos(1) / BYTES_PER_SECOND;
    TimeUnit.NANOSECONDS.sleep(nanos);
  }
}
