package dev.holdfast.testkit;

import dev.holdfast.api.ExecutionKey;
import java.time.Instant;

/** What a kit begins with. */
public final class TestKitBuilder {
  private long seed;
  private Instant start = Instant.parse("2026-01-01T00:00:00Z");
  private String tenant = ExecutionKey.DEFAULT_TENANT;

  TestKitBuilder() {}

  /** Decides about all that is random: tokens of attempts, and the jitter of retries. 0 without. */
  public TestKitBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** The time at first. 2026-01-01T00:00:00Z without. */
  public TestKitBuilder startingAt(Instant value) {
    start = value;
    return this;
  }

  /** The tenant of all executions. {@code default} without. */
  public TestKitBuilder tenant(String value) {
    tenant = value;
    return this;
  }

  /** The kit. */
  public TestKit build() {
    return new TestKit(this);
  }

  long seed() {
    return seed;
  }

  Instant start() {
    return start;
  }

  String tenant() {
    return tenant;
  }
}
