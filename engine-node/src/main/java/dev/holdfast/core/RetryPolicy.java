package dev.holdfast.core;

import java.time.Duration;
import java.util.Set;

/**
 * When and how often a failed task is tried again. The wait before attempt {@code n + 1} is {@code
 * min(initial × factor^(n - 1), max)}, spread by ±{@code jitter}.
 *
 * @param maxAttempts 1 to {@link Limits#ATTEMPTS_MAX}, the first one included
 * @param factor 1 or more
 * @param jitter 0 to 1
 * @param nonRetryable types of error that end the task at once
 */
public record RetryPolicy(
    int maxAttempts,
    Duration initial,
    double factor,
    Duration max,
    double jitter,
    Set<String> nonRetryable) {

  /** Three retries, from 1 s doubling up to 1 min, ±20 %. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(4, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.2, Set.of());
}
