package dev.holdfast.grid;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.grid.quorum.SplitBrain;
import dev.holdfast.journal.ExecutionMapStore;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;

/**
 * A member's way into the grid. One that joins others comes as a lite member, which holds no
 * partitions, and is promoted once it knows their definitions: what migrates to it can only be read
 * with those.
 */
final class Joining {
  private Joining() {}

  static HazelcastInstance join(
      GridSettings settings,
      StateStore store,
      ExecutionMapStore mapStore,
      DefinitionRegistry definitions) {
    Config config = MemberConfig.of(settings, mapStore, definitions, store instanceof SharedStore);
    config.setLiteMember(settings.clusterSize() > 1);
    HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(config);
    GridSerialization.register(hazelcast, definitions);
    SplitBrain.awaitFirst(hazelcast);
    boolean first = hazelcast.getCluster().getMembers().stream().allMatch(Member::isLiteMember);
    if (config.isLiteMember() && first) {
      hazelcast.getCluster().promoteLocalLiteMember();
    }
    definitions.join(hazelcast);
    if (config.isLiteMember() && !first) {
      hazelcast.getCluster().promoteLocalLiteMember();
    }
    return hazelcast;
  }
}
