package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.nio.serialization.StreamSerializer;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.JournalEntry.Content;
import dev.holdfast.journal.JournalEntry.Origin;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.codec.HistoryDecoder;
import dev.holdfast.journal.codec.StateCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** How what members exchange is written; ids are part of the protocol and never reused. */
final class GridSerialization {
  /** Of {@link #factory()}; the client's wire has its own. */
  static final int FACTORY_ID = 4100;

  static final int TRANSITION_BACKUP = 1;
  static final int RETIREMENT = 2;
  static final int BACKUP_RETIREMENT = 3;
  static final int RESTATEMENT = 4;

  private static final int EXECUTION_ENTRY_TYPE = 4101;
  private static final String PLANS = "holdfast.plans";

  private GridSerialization() {}

  static DataSerializableFactory factory() {
    return GridSerialization::create;
  }

  private static IdentifiedDataSerializable create(int classId) {
    return switch (classId) {
      case TRANSITION_BACKUP -> new TransitionBackup();
      case RETIREMENT -> new Retirement();
      case BACKUP_RETIREMENT -> new Retirement.BackupRetirement();
      case RESTATEMENT -> new Restatement();
      default -> throw new IllegalArgumentException("no class " + classId);
    };
  }

  /** Makes the plans known to what is deserialised on this member. */
  static void register(HazelcastInstance hazelcast, PlanResolver plans) {
    hazelcast.getUserContext().put(PLANS, plans);
  }

  static PlanResolver plansOf(HazelcastInstance hazelcast) {
    if (hazelcast.getUserContext().get(PLANS) instanceof PlanResolver plans) {
      return plans;
    }
    throw new IllegalStateException("the member is not open yet");
  }

  static void write(ObjectDataOutput out, Origin origin) throws IOException {
    out.writeLong(origin.owner().getMostSignificantBits());
    out.writeLong(origin.owner().getLeastSignificantBits());
    out.writeLong(origin.id());
  }

  static Origin readOrigin(ObjectDataInput in) throws IOException {
    return new Origin(new UUID(in.readLong(), in.readLong()), in.readLong());
  }

  /**
   * Writes a whole execution, for migrations and new backups: its state, and with a shared store
   * what is not known to be in it yet, which the new owner writes again.
   */
  static final class EntrySerializer implements StreamSerializer<ExecutionEntry> {
    private static final Origin UNKNOWN = new Origin(new UUID(0, 0), 0);

    private final PlanResolver plans;
    private final boolean sharedStore;

    EntrySerializer(PlanResolver plans, boolean sharedStore) {
      this.plans = plans;
      this.sharedStore = sharedStore;
    }

    @Override
    public int getTypeId() {
      return EXECUTION_ENTRY_TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, ExecutionEntry entry) throws IOException {
      out.writeByteArray(StateCodec.encode(entry.state()));
      out.writeByteArray(entry.hash());
      if (sharedStore) {
        List<Content> tail = entry.last().unwritten();
        out.writeInt(tail.size());
        for (Content content : tail) {
          out.writeLong(content.fromSeq());
          out.writeByteArray(content.previousHash());
          out.writeByteArray(content.payload());
          out.writeByteArray(StateCodec.encode(content.after()));
        }
      }
    }

    @Override
    public ExecutionEntry read(ObjectDataInput in) throws IOException {
      var state = StateCodec.decode(in.readByteArray(), plans);
      byte[] hash = in.readByteArray();
      if (!sharedStore) {
        return new ExecutionEntry(state, hash, JournalEntry.elsewhere());
      }
      JournalEntry last = JournalEntry.durable();
      for (int left = in.readInt(); left > 0; left--) {
        last = JournalEntry.copy(readContent(in, state.key()), UNKNOWN).after(last);
      }
      return new ExecutionEntry(state, hash, last);
    }

    private Content readContent(ObjectDataInput in, ExecutionKey key) throws IOException {
      long fromSeq = in.readLong();
      byte[] previousHash = in.readByteArray();
      byte[] payload = in.readByteArray();
      var decoder = new HistoryDecoder(previousHash);
      var items = new ArrayList<HistoryItem>();
      decoder.read(payload, items::add);
      ExecutionState after = StateCodec.decode(in.readByteArray(), plans);
      return Content.of(key, fromSeq, items, payload, previousHash, decoder.hash(), after);
    }
  }
}
