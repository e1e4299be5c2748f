package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.nio.serialization.StreamSerializer;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.codec.StateCodec;
import java.io.IOException;

/** How what members exchange is written; ids are part of the protocol and never reused. */
final class GridSerialization {
  /** Of {@link #factory()}; the client's wire has its own. */
  static final int FACTORY_ID = 4100;

  static final int TRANSITION_BACKUP = 1;
  static final int RETIREMENT = 2;
  static final int BACKUP_RETIREMENT = 3;

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

  /** Writes a whole execution, for migrations and new backups. */
  static final class EntrySerializer implements StreamSerializer<ExecutionEntry> {
    private final PlanResolver plans;

    EntrySerializer(PlanResolver plans) {
      this.plans = plans;
    }

    @Override
    public int getTypeId() {
      return EXECUTION_ENTRY_TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, ExecutionEntry entry) throws IOException {
      out.writeByteArray(StateCodec.encode(entry.state()));
      out.writeByteArray(entry.hash());
    }

    @Override
    public ExecutionEntry read(ObjectDataInput in) throws IOException {
      var state = StateCodec.decode(in.readByteArray(), plans);
      return new ExecutionEntry(state, in.readByteArray(), JournalEntry.durable());
    }
  }
}
