package dev.holdfast.grid;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.grid.quorum.SplitBrain;
import dev.holdfast.journal.ExecutionMapStore;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.codec.Sealed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's way into the grid. One that joins others comes as a lite member, which holds no
 * partitions, and is promoted once it knows their definitions: what migrates to it can only be read
 * with those.
 */
final class Joining {
  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
  private static final long PROMOTED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private Joining() {}

  static HazelcastInstance join(
      GridSettings settings,
      StateStore store,
      ExecutionMapStore mapStore,
      DefinitionRegistry definitions) {
    if (settings.clusterSize() > 1) {
      // Whoever comes into a cluster has work at once, and writes snapshots of what migrates here.
      Sealed.load();
    }
    Config config = MemberConfig.of(settings, mapStore, definitions, store instanceof SharedStore);
    config.setLiteMember(settings.clusterSize() > 1);
    HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(config);
    GridSerialization.register(hazelcast, definitions);
    SplitBrain.awaitFirst(hazelcast);
    boolean first = hazelcast.getCluster().getMembers().stream().allMatch(Member::isLiteMember);
    if (config.isLiteMember() && first) {
      promote(hazelcast);
    }
    definitions.join(hazelcast);
    if (config.isLiteMember() && !first) {
      promote(hazelcast);
    }
    return hazelcast;
  }

  /** Tries again while the members are just settling who leads them. */
  private static void promote(HazelcastInstance hazelcast) {
    long deadline = System.nanoTime() + PROMOTED_WITHIN_NANOS;
    while (hazelcast.getCluster().getLocalMember().isLiteMember()) {
      try {
        hazelcast.getCluster().promoteLocalLiteMember();
      } catch (IllegalStateException | HazelcastException e) {
        if (System.nanoTime() - deadline > 0 || !hazelcast.getLifecycleService().isRunning()) {
          throw e;
        }
        LOG.info("Not a full member yet: {}", e.toString());
        LockSupport.parkNanos(AGAIN_NANOS);
      }
    }
  }
}
