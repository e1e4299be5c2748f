package dev.holdfast.grid.quorum;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import com.hazelcast.splitbrainprotection.HeartbeatAware;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionFunction;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import dev.holdfast.grid.Replicas;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The second line behind the epochs: Hazelcast itself takes no writes to the maps where too few
 * members see each other, and when a part that was cut off comes back, all that it has in memory is
 * thrown away, whatever it is.
 */
public final class SplitBrain implements SplitBrainProtectionFunction, HeartbeatAware {
  private static final String NAME = "holdfast";

  /** How often a part that was cut off looks for the rest. */
  private static final String HEAL_SECONDS = "5";

  private static final long FIRST_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private volatile int needed;

  private SplitBrain() {}

  /**
   * Adds what it needs to a member's configuration, which has its maps already.
   *
   * @param protectedMaps that take no writes without a quorum
   */
  public static void configure(Config config, String... protectedMaps) {
    config.setProperty("hazelcast.merge.first.run.delay.seconds", HEAL_SECONDS);
    config.setProperty("hazelcast.merge.next.run.delay.seconds", HEAL_SECONDS);
    var protection = new SplitBrainProtectionConfig(NAME, true);
    protection.setProtectOn(SplitBrainProtectionOn.WRITE);
    protection.setFunctionImplementation(new SplitBrain());
    config.addSplitBrainProtectionConfig(protection);
    for (MapConfig map : config.getMapConfigs().values()) {
      map.setMergePolicyConfig(discard());
    }
    for (String map : protectedMaps) {
      config.getMapConfig(map).setSplitBrainProtectionName(NAME);
    }
    config.addMapConfig(new MapConfig("default").setMergePolicyConfig(discard()));
  }

  private static MergePolicyConfig discard() {
    return new MergePolicyConfig().setPolicy(DiscardMergePolicy.class.getName());
  }

  /** The one of this member. */
  static SplitBrain of(HazelcastInstance hazelcast) {
    if (hazelcast.getConfig().getSplitBrainProtectionConfig(NAME).getFunctionImplementation()
        instanceof SplitBrain here) {
      return here;
    }
    throw new IllegalStateException("the member was not configured by SplitBrain");
  }

  /**
   * Has Hazelcast ask for the first time, which it would do with the first heartbeat, and waits for
   * that: until then it takes no writes, whatever the answer will be.
   *
   * @throws IllegalStateException when it doesn't ask
   */
  public static void awaitFirst(HazelcastInstance hazelcast) {
    new Replicas(hazelcast).recheckProtection();
    var protection = hazelcast.getSplitBrainProtectionService().getSplitBrainProtection(NAME);
    long deadline = System.nanoTime() + FIRST_WITHIN_NANOS;
    while (!protection.hasMinimumSize()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new IllegalStateException("the member does not find out whom it sees");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /**
   * @param members that must see each other; 0: any number
   */
  void need(int members) {
    needed = members;
  }

  @Override
  public boolean apply(Collection<Member> members) {
    return needed == 0 || members.size() >= needed;
  }

  /** That it is called makes Hazelcast ask again, also when no member came or went. */
  @Override
  public void onHeartbeat(Member member, long timestamp) {
    // Nothing to note.
  }
}
