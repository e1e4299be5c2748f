package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.holdfast.journal.ExecutionEntry;
import org.jspecify.annotations.Nullable;

/** What an execution's owner sends to the partition's backup, and is run there. */
abstract class BackupProcessor
    implements EntryProcessor<String, ExecutionEntry, Void>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware {
  private static final long serialVersionUID = 1L;

  private transient @Nullable HazelcastInstance hazelcast;

  /** The member that this runs on. */
  final HazelcastInstance here() {
    if (hazelcast == null) {
      throw new IllegalStateException("not running on a member");
    }
    return hazelcast;
  }

  @Override
  public final EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return this;
  }

  @Override
  public final void setHazelcastInstance(HazelcastInstance instance) {
    this.hazelcast = instance;
  }

  @Override
  public final int getFactoryId() {
    return GridSerialization.FACTORY_ID;
  }
}
