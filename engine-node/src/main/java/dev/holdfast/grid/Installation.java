package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import dev.holdfast.journal.ExecutionEntry;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Puts an execution that was recovered into the map, as the very object that the store holds on to.
 * Like a {@link Transition} it never travels.
 */
final class Installation implements EntryProcessor<String, ExecutionEntry, Void> {
  private static final long serialVersionUID = 1L;

  private final transient ExecutionEntry entry;

  Installation(ExecutionEntry entry) {
    this.entry = entry;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    slot.setValue(entry);
    return null;
  }

  @Override
  public @Nullable EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return null;
  }
}
