package dev.holdfast.grid;

import dev.holdfast.core.ExecutionState;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Users' executions that this member owns and that have not ended, by partition. Written on the
 * partitions' threads, so that each count is exact; read by any.
 */
final class LiveCount {
  private final AtomicIntegerArray counts;

  LiveCount(int partitions) {
    this.counts = new AtomicIntegerArray(partitions);
  }

  /**
   * @param before null: it has just begun
   */
  void changed(int partition, @Nullable ExecutionState before, ExecutionState after) {
    boolean was = before != null && counts(before);
    boolean is = counts(after);
    if (was != is) {
      counts.addAndGet(partition, is ? 1 : -1);
    }
  }

  /** It came to this member as it is. */
  void added(int partition, ExecutionState state) {
    if (counts(state)) {
      counts.incrementAndGet(partition);
    }
  }

  private static boolean counts(ExecutionState state) {
    return !state.status().isEnded() && !state.key().isInternal();
  }

  /** What has been counted, all at once; 0 when the partition has left. */
  void set(int partition, int count) {
    counts.set(partition, count);
  }

  int total() {
    int total = 0;
    for (int i = 0; i < counts.length(); i++) {
      total += counts.get(i);
    }
    return total;
  }
}
