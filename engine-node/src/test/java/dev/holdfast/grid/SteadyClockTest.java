package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong(17);
  private final AtomicReference<Instant> wall = new AtomicReference<>(START);
  private final SteadyClock clock = new SteadyClock(wall::get, nanos::get);

  @Test
  void aJumpOfTheWallClockIsNotSeen() {
    pass(Duration.ofSeconds(10));
    wall.set(START.plus(Duration.ofHours(30)));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(10));
    wall.set(START.minus(Duration.ofHours(30)));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(10));
  }

  @Test
  void itIsDrawnTowardsTheWallClockByAShareOfTheTimePassed() {
    wall.set(START.plus(Duration.ofHours(1)));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1000));
    clock.slew();
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(1000).plusMillis(500));
  }

  @Test
  void itNeverGoesBack() {
    wall.set(START.minus(Duration.ofHours(1)));
    Instant before = clock.instant();
    for (int i = 0; i < 1000; i++) {
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      clock.slew();
      assertThat(clock.instant()).isAfter(before);
      before = clock.instant();
    }
  }

  @Test
  void aSmallDifferenceIsMadeUpWhole() {
    pass(Duration.ofSeconds(100));
    wall.set(wall.get().plusMillis(10));
    clock.slew();
    assertThat(clock.instant()).isEqualTo(wall.get());
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    wall.set(wall.get().plus(time));
  }
}
