package dev.holdfast.grid;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.cluster.ClusterService;
import com.hazelcast.internal.partition.InternalPartition;
import com.hazelcast.internal.partition.InternalPartitionService;
import com.hazelcast.internal.partition.PartitionReplica;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.map.impl.recordstore.RecordStore;
import com.hazelcast.spi.impl.PartitionSpecificRunnable;
import com.hazelcast.spi.impl.operationservice.impl.OperationServiceImpl;
import com.hazelcast.splitbrainprotection.impl.SplitBrainProtectionServiceImpl;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.quorum.MemberList;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who owns and who backs up each partition, as this member sees it now. The one place that looks
 * into Hazelcast's inside: its public interface names a partition's owner but not its backup, nor
 * the version of the member list (ADR 0019). Thread-safe; cheap enough for the hot path.
 */
public final class Replicas {
  private final InternalPartitionService partitions;
  private final ClusterService cluster;
  private final MapService maps;
  private final String[] partitionKeys;
  private final SplitBrainProtectionServiceImpl protection;
  private final OperationServiceImpl operations;

  /**
   * @param hazelcast a member, not a client
   */
  public Replicas(HazelcastInstance hazelcast) {
    if (!(hazelcast instanceof HazelcastInstanceProxy proxy)) {
      throw new IllegalArgumentException("not a member: " + hazelcast);
    }
    var node = proxy.getOriginal().node;
    this.protection = node.getNodeEngine().getSplitBrainProtectionService();
    this.operations = node.getNodeEngine().getOperationService();
    this.partitions = node.getPartitionService();
    this.cluster = node.getClusterService();
    this.maps = node.getNodeEngine().getService(MapService.SERVICE_NAME);
    this.partitionKeys = keysOfPartitions();
  }

  /** Some key of the partition. */
  public String keyOf(int partition) {
    return partitionKeys[partition];
  }

  /** Number of partitions; ids are 0 to one below. */
  public int count() {
    return partitions.getPartitionCount();
  }

  /** The partition of a key of the executions map. */
  public int partitionOf(String key) {
    return partitions.getPartitionId((Object) key);
  }

  /** Whether this member owns the partition. */
  public boolean isOwned(int partition) {
    return partitions.getPartition(partition, false).isLocal();
  }

  /** Whether this member owns the execution's partition. */
  public boolean isOwned(ExecutionKey key) {
    return isOwned(partitionOf(key.text()));
  }

  /** The owner's id; null: nobody at the moment. */
  public @Nullable UUID owner(int partition) {
    return replica(partition, 0);
  }

  /** The backup's id; null: there is none at the moment. */
  public @Nullable UUID backup(int partition) {
    return replica(partition, 1);
  }

  /** Another number whenever a partition has got another owner or backup. Cheap. */
  public long partitionStamp() {
    return partitions.getPartitionStateStamp();
  }

  /** Whether partitions are on their way between members, as far as the master knows. */
  public boolean isMoving() {
    return partitions.hasOnGoingMigration();
  }

  /** Partitions of which this member has the copy. */
  public int backedUpCount() {
    int count = 0;
    for (int partition = 0; partition < count(); partition++) {
      if (isBackedUpHere(partition)) {
        count++;
      }
    }
    return count;
  }

  /** Entries of a map in the partitions of which this member has the copy. */
  public int backedUpEntries(String map) {
    int entries = 0;
    for (int partition = 0; partition < count(); partition++) {
      if (isBackedUpHere(partition)) {
        RecordStore<?> records = records(partition, map);
        entries += records == null ? 0 : records.size();
      }
    }
    return entries;
  }

  private @Nullable RecordStore<?> records(int partition, String map) {
    return maps.getMapServiceContext().getPartitionContainer(partition).getExistingRecordStore(map);
  }

  /**
   * Has every partition here, owned or backed up, stop waiting for what the map's store would load.
   * There is nothing: but Hazelcast takes that from the owner of one partition alone, who tells the
   * owners of the others by operations that its split-brain protection refuses where too few
   * members see each other. What came to a member while it was cut off so waits for ever, as a
   * backup too, where it answers nothing and says nothing of it.
   *
   * @return how many waited
   */
  public int endLoading(String map) {
    int waiting = 0;
    for (int partition = 0; partition < count(); partition++) {
      RecordStore<?> records = records(partition, map);
      if (records != null && !records.isLoaded()) {
        waiting++;
        operations.execute(new EndOfLoading(partition, records));
      }
    }
    return waiting;
  }

  /** On the partition's thread. */
  private record EndOfLoading(int partition, RecordStore<?> records)
      implements PartitionSpecificRunnable {
    @Override
    public int getPartitionId() {
      return partition;
    }

    @Override
    public void run() {
      records.updateLoadStatus(true, null);
    }
  }

  /** Whether this member is the partition's backup. */
  public boolean isBackedUpHere(int partition) {
    return self().equals(backup(partition));
  }

  private String[] keysOfPartitions() {
    var keys = new String[count()];
    int left = keys.length;
    for (int i = 0; left > 0; i++) {
      String key = Integer.toString(i);
      int partition = partitionOf(key);
      if (keys[partition] == null) {
        keys[partition] = key;
        left--;
      }
    }
    return keys;
  }

  private @Nullable UUID replica(int partition, int index) {
    InternalPartition here = partitions.getPartition(partition, false);
    PartitionReplica replica = here.getReplica(index);
    return replica == null ? null : replica.uuid();
  }

  /** Has Hazelcast ask its split-brain protection again, though no member came or went. */
  public void recheckProtection() {
    protection.onHeartbeat(cluster.getLocalMember(), System.currentTimeMillis());
  }

  /** Goes up with each member that joins or leaves; the same on all members of one cluster. */
  public int memberListVersion() {
    return cluster.getMemberListVersion();
  }

  /** Members that this one sees, itself included. */
  public int memberCount() {
    return cluster.getSize();
  }

  /** This member's id; another one after it was merged into another part of the cluster. */
  public UUID self() {
    return cluster.getThisUuid();
  }

  /** The members as they are now. */
  public MemberList members() {
    while (true) {
      int version = cluster.getMemberListVersion();
      var members = cluster.getMembers().stream().map(Member::getUuid).toList();
      UUID self = cluster.getThisUuid();
      if (version == cluster.getMemberListVersion()) {
        return new MemberList(version, members, self);
      }
    }
  }

  /**
   * Has everything that this member owns or backs up migrated to others, while it goes on serving:
   * unlike in Hazelcast's shutdown, which migrates as well, but refuses the member's own calls
   * meanwhile. Whoever asked for this gets nothing any more, and has to leave. Blocks; can be
   * interrupted.
   *
   * @return false: there is nobody to take it, or it was not through in time
   */
  public boolean giveAway(Duration within) {
    return partitions.onDemote(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether this member is the one that leads membership changes: the oldest. */
  public boolean isMaster() {
    return cluster.isMaster();
  }
}
