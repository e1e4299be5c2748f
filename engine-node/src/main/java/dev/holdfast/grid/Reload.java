package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import dev.holdfast.journal.ExecutionEntry;
import java.util.Map.Entry;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Puts what the shared store has in the place of a copy that has turned out to be outdated. Like a
 * {@link Transition} it never travels.
 */
final class Reload extends LocalProcessor<ExecutionEntry> {
  private static final long serialVersionUID = 1L;

  private final transient MemberServices member;
  private final transient int partition;
  private final transient @Nullable ExecutionEntry stored;
  private final transient CompletableFuture<Boolean> answer;
  private transient @Nullable Restatement backup;

  /**
   * @param partition that the execution is in
   * @param stored null: the store does not know the execution
   * @param answer whether the copy was outdated, or missing, and has been replaced
   */
  Reload(
      MemberServices member,
      int partition,
      @Nullable ExecutionEntry stored,
      CompletableFuture<Boolean> answer) {
    this.member = member;
    this.partition = partition;
    this.stored = stored;
    this.answer = answer;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    ExecutionEntry current = slot.getValue();
    boolean outdated = current == null ? isMissing() : isOutdated(current);
    if (outdated) {
      slot.setValue(stored);
      if (stored != null) {
        member.live().changed(partition, current == null ? null : current.state(), stored.state());
        backup = Restatement.of(stored, member.epochs().current(), member.replication().self());
      }
    }
    answer.complete(outdated);
    return null;
  }

  /** One that has not ended belongs into memory. */
  private boolean isMissing() {
    return stored != null && !stored.state().status().isEnded();
  }

  private boolean isOutdated(ExecutionEntry current) {
    return member.replication().isFenced(current.last())
        || stored != null && stored.state().seq() > current.state().seq();
  }

  @Override
  public @Nullable EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return backup;
  }
}
