package dev.holdfast.core;

import java.time.Duration;

/** How long a failed task waits for its next attempt. */
public final class Backoff {
  private Backoff() {}

  /**
   * {@code min(initial × factor^(failures - 1), max)}, spread by ±jitter. To the millisecond.
   *
   * @param failures how many attempts have failed, from 1
   * @param nonce of the failed attempt; decides where in the spread the wait lies, so that a replay
   *     finds the same
   */
  public static Duration delay(RetryPolicy policy, int failures, long nonce) {
    double base = policy.initial().toMillis() * Math.pow(policy.factor(), failures - 1.0);
    double capped = Math.min(base, policy.max().toMillis());
    double spread = policy.jitter() * (2 * unit(nonce) - 1);
    return Duration.ofMillis(Math.max(0, Math.round(capped * (1 + spread))));
  }

  /** The nonce, well mixed, as a number in [0, 1): the finaliser of SplitMix64. */
  private static double unit(long nonce) {
    long z = nonce + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z = z ^ (z >>> 31);
    return (z >>> 11) * 0x1p-53;
  }
}
