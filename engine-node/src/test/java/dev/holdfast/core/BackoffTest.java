package dev.holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static RetryPolicy policy(double factor, double jitter) {
    return new RetryPolicy(
        100, Duration.ofSeconds(1), factor, Duration.ofMinutes(1), jitter, Set.of());
  }

  @Test
  void waitsGrowByTheFactorUpToTheMaximum() {
    var waits = new long[8];
    for (int i = 0; i < waits.length; i++) {
      waits[i] = Backoff.delay(policy(2, 0), i + 1, 7).toSeconds();
    }
    assertThat(waits).containsExactly(1, 2, 4, 8, 16, 32, 60, 60);
    assertThat(Backoff.delay(policy(1000, 0), 100, 7)).isEqualTo(Duration.ofMinutes(1));
    assertThat(Backoff.delay(policy(1, 0), 50, 7)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void waitOfNothingStaysNothing() {
    var policy = new RetryPolicy(100, Duration.ZERO, 1e300, Duration.ofMinutes(1), 1, Set.of());
    assertThat(Backoff.delay(policy, 99, 7)).isZero();
  }

  @Test
  void jitterSpreadsEvenlyAndTheSameNonceGivesTheSameWait() {
    var random = RandomGenerator.of("L64X128MixRandom");
    var seen = new HashSet<Duration>();
    double sum = 0;
    for (int i = 0; i < 10_000; i++) {
      long nonce = i % 2 == 0 ? i : random.nextLong();
      Duration wait = Backoff.delay(policy(2, 0.2), 1, nonce);
      assertThat(wait).isBetween(Duration.ofMillis(800), Duration.ofMillis(1200));
      assertThat(Backoff.delay(policy(2, 0.2), 1, nonce)).isEqualTo(wait);
      seen.add(wait);
      sum += wait.toMillis();
    }
    assertThat(seen).hasSizeGreaterThan(390);
    assertThat(sum / 10_000).isBetween(990.0, 1010.0);
  }
}
