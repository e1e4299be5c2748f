package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.spi.impl.PartitionSpecificRunnable;
import com.hazelcast.spi.impl.operationservice.impl.OperationServiceImpl;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PromotionsTest {
  private static final Duration GIVEN_UP_AFTER = Duration.ofSeconds(2);
  private static final int ENTRIES = 1000;

  @Test
  void promotionThatTakesLongIsCarriedToItsEnd() {
    HazelcastInstance one = Hazelcast.newHazelcastInstance(config());
    var busy = new Busy();
    try {
      HazelcastInstance other = Hazelcast.newHazelcastInstance(joining(one));
      IMap<Integer, Integer> map = one.getMap("map");
      for (int i = 0; i < ENTRIES; i++) {
        map.set(i, i);
      }
      await().until(() -> isSafe(one) && isSafe(other));
      occupy(one, busy);
      other.getLifecycleService().terminate();
      await()
          .pollDelay(GIVEN_UP_AFTER.multipliedBy(2))
          .until(() -> one.getCluster().getMembers().size() == 1);
      busy.end.countDown();
      await().atMost(Duration.ofSeconds(20)).until(() -> isSafe(one));
      assertThat(map.size()).isEqualTo(ENTRIES);
      assertThat(map.get(0)).isZero();
    } finally {
      busy.end.countDown();
      one.getLifecycleService().terminate();
    }
  }

  private static boolean isSafe(HazelcastInstance member) {
    PartitionService partitions = member.getPartitionService();
    return partitions.isClusterSafe()
        && partitions.getPartitions().stream().allMatch(one -> one.getOwner() != null);
  }

  private static Config config() {
    Config config = LoneHazelcast.config();
    config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    config.setProperty(
        "hazelcast.max.no.heartbeat.seconds", String.valueOf(GIVEN_UP_AFTER.toSeconds()));
    config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true);
    Promotions.configure(config);
    return config;
  }

  private static Config joining(HazelcastInstance first) {
    Address address = first.getCluster().getLocalMember().getAddress();
    Config config = config().setClusterName(first.getConfig().getClusterName());
    config
        .getNetworkConfig()
        .getJoin()
        .getTcpIpConfig()
        .addMember(address.getHost() + ':' + address.getPort());
    return config;
  }

  /** A partition's thread does something else for a while. */
  private static void occupy(HazelcastInstance member, Busy busy) {
    if (!(member instanceof HazelcastInstanceProxy proxy)) {
      throw new IllegalArgumentException("not a member: " + member);
    }
    OperationServiceImpl operations =
        proxy.getOriginal().node.getNodeEngine().getOperationService();
    operations.execute(busy);
  }

  private static final class Busy implements PartitionSpecificRunnable {
    final CountDownLatch end = new CountDownLatch(1);

    @Override
    public int getPartitionId() {
      return 0;
    }

    @Override
    public void run() {
      try {
        end.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
