package dev.holdfast.gateway.route;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes ids that sort by the time they were made at: UUID version 7 (RFC 9562). Thread-safe when
 * its random generator is.
 */
public final class IdSource {
  private final RandomGenerator random;
  private final InstantSource clock;

  public IdSource(RandomGenerator random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  /** A new id. */
  public String next() {
    long high = clock.millis() << 16 | 0x7000L | random.nextLong() & 0x0fffL;
    long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
