package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import dev.holdfast.journal.ExecutionEntry;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Puts an execution that was recovered into the map, as the very object that the store holds on to.
 * Like a {@link Transition} it never travels; what goes to the backup is the whole execution.
 */
final class Installation extends LocalProcessor<ExecutionEntry> {
  private static final long serialVersionUID = 1L;

  private final transient MemberServices member;
  private final transient int partition;
  private final transient ExecutionEntry entry;

  Installation(MemberServices member, int partition, ExecutionEntry entry) {
    this.member = member;
    this.partition = partition;
    this.entry = entry;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    slot.setValue(entry);
    member.live().changed(partition, null, entry.state());
    return null;
  }

  @Override
  public @Nullable EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    Replication replication = member.replication();
    return replication.durability() == Durability.ALONE
        ? null
        : Restatement.of(entry, member.epochs().promised(), replication.self());
  }
}
