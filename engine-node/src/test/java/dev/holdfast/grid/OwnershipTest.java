package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class OwnershipTest {
  private static final int FAILING = 7;

  /** Fails to take one partition over the first time. */
  private static final class Arrivals implements Ownership.Handover {
    final List<Set<Integer>> arrived = new CopyOnWriteArrayList<>();
    private boolean failed;

    @Override
    public IntConsumer arrived(Set<Integer> partitions) {
      arrived.add(Set.copyOf(partitions));
      return partition -> {
        if (partition == FAILING && !failed) {
          failed = true;
          throw new IllegalStateException("the first time");
        }
      };
    }

    @Override
    public void lost(int partition) {}

    @Override
    public void backupChanged(int partition) {}

    @Override
    public void tick() {}
  }

  @Test
  void partitionsThatCameTogetherAreTakenOverTogether() {
    HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(LoneHazelcast.config());
    var arrivals = new Arrivals();
    var replicas = new Replicas(hazelcast);
    try (var ownership = new Ownership(replicas, new OneEpoch(), arrivals)) {
      await()
          .until(() -> {
            // Partitions have no owners before the first use.
            hazelcast.getMap("any").size();
            return replicas.isOwned(0);
          });
      ownership.start();
      await().until(() -> ownership.count() == replicas.count());
      assertThat(arrivals.arrived.getFirst()).hasSize(replicas.count());
      assertThat(arrivals.arrived.getLast()).containsExactly(FAILING);
      assertThat(arrivals.arrived).hasSize(2);
    } finally {
      hazelcast.shutdown();
    }
  }

  private static final class OneEpoch implements Epochs {
    @Override
    public long current() {
      return 1;
    }

    @Override
    public long promised() {
      return 1;
    }

    @Override
    public boolean isAlone() {
      return true;
    }
  }
}
