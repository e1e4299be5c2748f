package dev.holdfast.grid;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.JournalEntry.Content;
import dev.holdfast.journal.JournalEntry.Origin;
import dev.holdfast.journal.codec.StateCodec;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map.Entry;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A whole execution on its way to the backup, which takes it instead of whatever copy it has: where
 * the events since are not enough, because the backup is new or has missed some.
 */
public final class Restatement extends BackupProcessor {
  private static final long serialVersionUID = 1L;

  private byte[] state = {};
  private byte[] hash = {};
  private long epoch;
  private transient Origin origin = new Origin(new UUID(0, 0), 0);

  /** For deserialisation. */
  public Restatement() {}

  private Restatement(byte[] state, byte[] hash, long epoch, Origin origin) {
    this.state = state;
    this.hash = hash;
    this.epoch = epoch;
    this.origin = origin;
  }

  /**
   * The same for a backup that is believed to have the execution: only that it has is checked, and
   * nothing is confirmed where it has not.
   */
  static Restatement byHash(ExecutionEntry entry, long epoch, UUID owner) {
    return new Restatement(new byte[0], entry.hash(), epoch, new Origin(owner, entry.last().id()));
  }

  /** The execution with its newest entry, which is confirmed when the backup has it. */
  static Restatement of(ExecutionEntry entry, long epoch, UUID owner) {
    return new Restatement(
        StateCodec.encode(entry.state()),
        entry.hash(),
        epoch,
        new Origin(owner, entry.last().id()));
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    MemberServices member = MemberServices.of(here());
    member.replication().requireCurrent(member.epochs(), epoch);
    ExecutionState restated = restated(slot.getValue());
    if (restated == null) {
      // The owner hears no confirmation, and sends it whole.
      return null;
    }
    Content content = JournalEntry.adopted(restated, hash, epoch);
    JournalEntry copy = member.replication().restated(member.journal(), content, origin);
    slot.setValue(new ExecutionEntry(restated, hash, copy));
    return null;
  }

  /** The execution that is meant; null: it was given by its hash, and the copy here is another. */
  private @Nullable ExecutionState restated(@Nullable ExecutionEntry current) {
    if (state.length > 0) {
      return StateCodec.decode(state, GridSerialization.plansOf(here()));
    }
    return current != null && Arrays.equals(current.hash(), hash) ? current.state() : null;
  }

  @Override
  public int getClassId() {
    return GridSerialization.RESTATEMENT;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeByteArray(state);
    out.writeByteArray(hash);
    out.writeLong(epoch);
    GridSerialization.write(out, origin);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    state = in.readByteArray();
    hash = in.readByteArray();
    epoch = in.readLong();
    origin = GridSerialization.readOrigin(in);
  }
}
