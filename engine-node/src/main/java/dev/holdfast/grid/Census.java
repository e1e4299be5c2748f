package dev.holdfast.grid;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.holdfast.journal.ExecutionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Reads all executions of one partition on its thread, and counts them. Where the partition has
 * gone to another member in the meantime it does nothing there. (It can't refuse to travel, as a
 * {@link LocalProcessor} does: Hazelcast would wait for the answer for ever.)
 */
public final class Census
    implements EntryProcessor<String, ExecutionEntry, Void>, IdentifiedDataSerializable, ReadOnly {
  private static final long serialVersionUID = 1L;

  private final transient int partition;
  private final transient @Nullable LiveCount live;
  private final transient List<ExecutionEntry> found = new ArrayList<>();

  /** For deserialisation. */
  public Census() {
    this(-1, null);
  }

  Census(int partition, @Nullable LiveCount live) {
    this.partition = partition;
    this.live = live;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    if (live == null) {
      return null;
    }
    if (found.isEmpty()) {
      // Within the partition's thread, so that no transition is counted twice or not at all.
      live.set(partition, 0);
    }
    ExecutionEntry entry = slot.getValue();
    if (entry != null) {
      found.add(entry);
      if (!entry.state().status().isEnded()) {
        live.added(partition);
      }
    }
    return null;
  }

  /** Safe to read once the processor has run. */
  List<ExecutionEntry> found() {
    return found;
  }

  @Override
  public @Nullable EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return null;
  }

  @Override
  public int getFactoryId() {
    return GridSerialization.FACTORY_ID;
  }

  @Override
  public int getClassId() {
    return GridSerialization.CENSUS;
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
