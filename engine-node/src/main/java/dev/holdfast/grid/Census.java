package dev.holdfast.grid;

import com.hazelcast.core.ReadOnly;
import dev.holdfast.journal.ExecutionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Reads all executions of one partition on its thread, and counts them. Where the partition has
 * gone to another member in the meantime it finds nothing, or fails.
 */
final class Census extends LocalProcessor<ExecutionEntry> implements ReadOnly {
  private static final long serialVersionUID = 1L;

  private final transient int partition;
  private final transient LiveCount live;
  private final transient List<ExecutionEntry> found = new ArrayList<>();

  Census(int partition, LiveCount live) {
    this.partition = partition;
    this.live = live;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    if (found.isEmpty()) {
      // Within the partition's thread, so that no transition is counted twice or not at all.
      live.set(partition, 0);
    }
    ExecutionEntry entry = slot.getValue();
    if (entry != null) {
      found.add(entry);
      live.added(partition, entry.state());
    }
    return null;
  }

  /** Safe to read once the processor has run. */
  List<ExecutionEntry> found() {
    return found;
  }
}
