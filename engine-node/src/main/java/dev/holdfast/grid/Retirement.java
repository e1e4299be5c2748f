package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.holdfast.journal.ExecutionEntry;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/** Takes an execution that has ended, durably, out of memory; the store goes on keeping it. */
public final class Retirement
    implements EntryProcessor<String, ExecutionEntry, Boolean>, IdentifiedDataSerializable {
  private static final long serialVersionUID = 1L;

  /** Without fields: one serves all. */
  public Retirement() {}

  /** Returns whether there is nothing left to retire; false: it is not durable yet. */
  @Override
  public Boolean process(Entry<String, ExecutionEntry> slot) {
    ExecutionEntry entry = slot.getValue();
    if (entry == null || !entry.state().status().isEnded()) {
      return true;
    }
    if (entry.last().isDurable()) {
      slot.setValue(null);
      return true;
    }
    return false;
  }

  @Override
  public EntryProcessor<String, ExecutionEntry, Boolean> getBackupProcessor() {
    return new BackupRetirement();
  }

  @Override
  public int getFactoryId() {
    return GridSerialization.FACTORY_ID;
  }

  @Override
  public int getClassId() {
    return GridSerialization.RETIREMENT;
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}

  /** The same on the backup, which isn't told what is durable but knows that the owner was. */
  public static final class BackupRetirement
      implements EntryProcessor<String, ExecutionEntry, Boolean>, IdentifiedDataSerializable {
    private static final long serialVersionUID = 1L;

    /** For deserialisation. */
    public BackupRetirement() {}

    @Override
    public @Nullable Boolean process(Entry<String, ExecutionEntry> slot) {
      ExecutionEntry entry = slot.getValue();
      if (entry != null && entry.state().status().isEnded()) {
        slot.setValue(null);
      }
      return null;
    }

    @Override
    public int getFactoryId() {
      return GridSerialization.FACTORY_ID;
    }

    @Override
    public int getClassId() {
      return GridSerialization.BACKUP_RETIREMENT;
    }

    @Override
    public void writeData(ObjectDataOutput out) {}

    @Override
    public void readData(ObjectDataInput in) {}
  }
}
