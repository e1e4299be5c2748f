package dev.holdfast.node.bench;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to measure.
 *
 * @param workflows how many are measured, 1 or more
 * @param tasks of each, one after the other, 1 to 1000
 * @param concurrency workflows under way at once
 * @param payloadBytes of the input, and of each task's output
 * @param store {@code sqlite}, {@code postgres} or {@code memory}
 * @param storeUrl of the database; null: as the environment says
 * @param members of the cluster, 1 or more
 * @param taskMillis how long each handler waits
 * @param burst whether all are started at once where handlers wait; else over one handler's wait
 * @param warmUp for how long the same is done before, unmeasured and without waiting handlers
 * @param limits whether SQLite and Hazelcast alone are measured afterwards
 */
record BenchOptions(
    int workflows,
    int tasks,
    int concurrency,
    int payloadBytes,
    String store,
    @Nullable String storeUrl,
    int members,
    int taskMillis,
    boolean burst,
    Duration warmUp,
    boolean limits) {

  /** Least time between two starts. */
  Duration startInterval() {
    return burst ? Duration.ZERO : Duration.ofMillis(taskMillis).dividedBy(concurrency);
  }
}
