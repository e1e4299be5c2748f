package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import dev.holdfast.journal.ExecutionEntry;
import java.util.Map.Entry;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that an execution is durable as it is, here and with the backup, without changing it:
 * after it has come to this member, or has got another backup, or when the backup has not confirmed
 * an entry for long. Like a {@link Transition} it never travels; what goes to the backup is the
 * whole execution.
 */
final class Affirmation extends LocalProcessor<ExecutionEntry> {
  private static final long serialVersionUID = 1L;

  /** What it is affirmed for. */
  enum Urgency {
    /** An answer is to rest on it; nothing is done where it can already. */
    WHERE_DUE,
    /** Its backup is new and has yet to keep it. */
    NEW_BACKUP,
    /** Its backup has not confirmed it, and may not have it. */
    OVERDUE
  }

  private final transient MemberServices member;
  private final transient Urgency urgency;
  private final transient CompletableFuture<@Nullable ExecutionEntry> answer;
  private transient @Nullable Restatement backup;

  /**
   * @param answer the execution, whose newest entry becomes durable by itself; null: it isn't in
   *     memory
   */
  Affirmation(
      MemberServices member, Urgency urgency, CompletableFuture<@Nullable ExecutionEntry> answer) {
    this.member = member;
    this.urgency = urgency;
    this.answer = answer;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    ExecutionEntry current = slot.getValue();
    Replication replication = member.replication();
    if (current == null || urgency == Urgency.WHERE_DUE && replication.isSettled(current.last())) {
      answer.complete(current);
      return null;
    }
    long epoch = member.epochs().current();
    if (epoch == Epochs.NONE || replication.isFenced(current.last())) {
      answer.completeExceptionally(
          new UnsettledException(slot.getKey() + " can't be affirmed at the moment"));
      return null;
    }
    ExecutionEntry settled = current;
    if (!replication.isSettled(current.last()) || current.last().isDurable()) {
      settled = replication.settled(member.journal(), current, epoch);
    }
    if (settled != current) {
      slot.setValue(settled);
    }
    if (replication.durability() == Durability.TWO_DISKS) {
      backup =
          urgency == Urgency.NEW_BACKUP
              ? Restatement.byHash(settled, epoch, replication.self())
              : Restatement.of(settled, epoch, replication.self());
    }
    answer.complete(settled);
    return null;
  }

  @Override
  public @Nullable EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return backup;
  }
}
