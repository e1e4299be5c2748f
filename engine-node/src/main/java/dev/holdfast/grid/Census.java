package dev.holdfast.grid;

import com.hazelcast.core.ReadOnly;
import dev.holdfast.journal.ExecutionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads all executions of some partitions on their threads, and counts them. Where a partition has
 * gone to another member in the meantime it finds nothing, or fails.
 */
final class Census extends LocalProcessor<ExecutionEntry> implements ReadOnly {
  private static final long serialVersionUID = 1L;

  private final transient ToIntFunction<String> partitionOf;
  private final transient LiveCount live;

  /** Each list belongs to its partition's thread until the processor has run. */
  private final transient Map<Integer, List<ExecutionEntry>> found = new ConcurrentHashMap<>();

  /**
   * @param partitionOf a key's
   */
  Census(ToIntFunction<String> partitionOf, LiveCount live) {
    this.partitionOf = partitionOf;
    this.live = live;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    int partition = partitionOf.applyAsInt(slot.getKey());
    List<ExecutionEntry> here = found.get(partition);
    if (here == null) {
      // Within the partition's thread, so that no transition is counted twice or not at all.
      live.set(partition, 0);
      here = new ArrayList<>();
      found.put(partition, here);
    }
    ExecutionEntry entry = slot.getValue();
    if (entry != null) {
      here.add(entry);
      live.added(partition, entry.state());
    }
    return null;
  }

  /** The partition's. Safe to read once the processor has run. */
  List<ExecutionEntry> of(int partition) {
    return found.getOrDefault(partition, List.of());
  }
}
