package dev.holdfast.grid;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Event.ExecutionStarted;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.JournalEntry.Content;
import dev.holdfast.journal.JournalEntry.Origin;
import dev.holdfast.journal.codec.HistoryDecoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map.Entry;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A transition's events on their way to the backup, which folds them into its own copy: so the
 * backup's state can't differ from what was journaled.
 */
public final class TransitionBackup extends BackupProcessor {
  private static final long serialVersionUID = 1L;

  private transient ExecutionKey key = new ExecutionKey(ExecutionKey.DEFAULT_TENANT, "0");
  private long fromSeq;
  private byte[] previousHash = {};
  private byte[] payload = {};
  private transient Origin origin = new Origin(new UUID(0, 0), 0);

  /** For deserialisation. */
  public TransitionBackup() {}

  TransitionBackup(
      ExecutionKey key, long fromSeq, byte[] previousHash, byte[] payload, Origin origin) {
    this.key = key;
    this.fromSeq = fromSeq;
    this.previousHash = previousHash;
    this.payload = payload;
    this.origin = origin;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    MemberServices member = MemberServices.of(here());
    ExecutionEntry current = slot.getValue();
    var decoder = new HistoryDecoder(previousHash);
    var items = new ArrayList<HistoryItem>();
    decoder.read(payload, items::add);
    member.replication().requireCurrent(member.epochs(), items.getFirst().epoch());
    requireFollows(current);
    ExecutionState state = current == null ? null : current.state();
    for (HistoryItem item : items) {
      state = fold(state, item);
    }
    if (state != null) {
      Content content =
          Content.of(key, fromSeq, items, payload, previousHash, decoder.hash(), state);
      JournalEntry copy = member.replication().copied(member.journal(), current, content, origin);
      slot.setValue(new ExecutionEntry(state, decoder.hash(), copy));
    }
    return null;
  }

  /**
   * @throws IllegalStateException when the copy lacks something or is another one; Hazelcast then
   *     sends the partition again
   */
  private void requireFollows(@Nullable ExecutionEntry current) {
    long seq = current == null ? 0 : current.state().seq();
    if (seq + 1 != fromSeq || current != null && !Arrays.equals(current.hash(), previousHash)) {
      throw new IllegalStateException(
          "the backup of " + key + " is at seq " + seq + ", events come from " + fromSeq);
    }
  }

  private ExecutionState fold(@Nullable ExecutionState state, HistoryItem item) {
    if (state != null) {
      return Evolver.evolve(state, item.event(), item.at());
    }
    if (!(item.event() instanceof ExecutionStarted started)) {
      throw new IllegalStateException("the backup of " + key + " lacks its beginning");
    }
    Plan plan =
        GridSerialization.plansOf(here())
            .resolve(key.tenant(), started.definition(), started.version());
    return Evolver.begin(plan, key, started, item.at());
  }

  @Override
  public int getClassId() {
    return GridSerialization.TRANSITION_BACKUP;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeString(key.text());
    out.writeLong(fromSeq);
    out.writeByteArray(previousHash);
    out.writeByteArray(payload);
    GridSerialization.write(out, origin);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    key = ExecutionKey.parse(in.readString());
    fromSeq = in.readLong();
    previousHash = in.readByteArray();
    payload = in.readByteArray();
    origin = GridSerialization.readOrigin(in);
  }
}
