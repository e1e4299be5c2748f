package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import dev.holdfast.journal.ExecutionEntry;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.util.Map.Entry;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that an execution is durable as it is, here and with the backup, without changing it:
 * after it has come to this member, or has got another backup, or when the backup has not confirmed
 * an entry for long. Like a {@link Transition} it never travels; what goes to the backup is the
 * whole execution.
 */
final class Affirmation implements EntryProcessor<String, ExecutionEntry, Void> {
  private static final long serialVersionUID = 1L;

  private final transient MemberServices member;
  private final transient boolean always;
  private final transient CompletableFuture<@Nullable ExecutionEntry> answer;
  private transient @Nullable Restatement backup;

  /**
   * @param always also when an answer may rest on it already
   * @param answer the execution, whose newest entry becomes durable by itself; null: it isn't in
   *     memory
   */
  Affirmation(
      MemberServices member, boolean always, CompletableFuture<@Nullable ExecutionEntry> answer) {
    this.member = member;
    this.always = always;
    this.answer = answer;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    ExecutionEntry current = slot.getValue();
    Replication replication = member.replication();
    if (current == null || !always && replication.isSettled(current.last())) {
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
      backup = Restatement.of(settled, epoch, replication.self());
    }
    answer.complete(settled);
    return null;
  }

  @Override
  public @Nullable EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return backup;
  }

  private Object writeReplace() throws ObjectStreamException {
    throw new NotSerializableException("an affirmation runs on the member that owns the key");
  }
}
