package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import dev.holdfast.journal.ExecutionEntry;
import java.util.Map.Entry;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Puts an execution that the cluster has lost from its memory back into the map of a cluster that
 * is open, unless it is there after all. Like a {@link Transition} it never travels; what goes to
 * the backup is the whole execution.
 */
final class Restoration extends LocalProcessor<ExecutionEntry> {
  private static final long serialVersionUID = 1L;

  private final transient MemberServices member;
  private final transient int partition;
  private final transient ExecutionEntry entry;
  private final transient CompletableFuture<Boolean> answer;
  private transient @Nullable Restatement backup;

  /**
   * @param answer whether it is in the map now, out of the store
   */
  Restoration(
      MemberServices member,
      int partition,
      ExecutionEntry entry,
      CompletableFuture<Boolean> answer) {
    this.member = member;
    this.partition = partition;
    this.entry = entry;
    this.answer = answer;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    long epoch = member.epochs().current();
    boolean restored = epoch != Epochs.NONE && slot.getValue() == null;
    if (restored) {
      slot.setValue(entry);
      member.live().changed(partition, null, entry.state());
      backup = Restatement.of(entry, epoch, member.replication().self());
    }
    answer.complete(restored);
    return null;
  }

  @Override
  public @Nullable EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return backup;
  }
}
