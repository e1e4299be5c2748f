package dev.holdfast.grid;

import com.hazelcast.partition.PartitionService;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore.Recovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what the shared store has of the partitions that this member owns; every other member does
 * the same with its own, at the same time. Partitions that are still moving would be loaded by
 * nobody: so it begins when none is, and looks again in the end.
 */
final class SharedInstalling {
  private static final Logger LOG = LoggerFactory.getLogger(SharedInstalling.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final SharedStore store;
  private final PlanResolver plans;
  private final Replicas replicas;
  private final PartitionService partitions;
  private final Supplier<Recovered> into;

  /**
   * @param into asked for each go
   */
  SharedInstalling(
      SharedStore store,
      PlanResolver plans,
      Replicas replicas,
      PartitionService partitions,
      Supplier<Recovered> into) {
    this.store = store;
    this.plans = plans;
    this.replicas = replicas;
    this.partitions = partitions;
    this.into = into;
  }

  /**
   * Returns when all of it is in the map.
   *
   * @throws dev.holdfast.journal.StoreException when the store can't be read
   * @throws InterruptedException when a member came or went meanwhile
   */
  Recovery install() throws InterruptedException {
    var loaded = new BitSet(replicas.count());
    var damaged = new ArrayList<String>();
    int live = 0;
    while (true) {
      awaitRest();
      BitSet missing = owned();
      missing.andNot(loaded);
      if (missing.isEmpty()) {
        damaged.forEach(one -> LOG.error("Found damaged: {}", one));
        LOG.info("{} executions have been loaded from the shared store", live);
        return new Recovery(live, damaged);
      }
      Recovered recovered = into.get();
      Recovery found = store.recover(plans, key -> isIn(missing, key.text()), recovered::put);
      if (Thread.interrupted()) {
        throw new InterruptedException("the opening starts over");
      }
      recovered.await();
      live += found.live();
      damaged.addAll(found.damaged());
      loaded.or(missing);
    }
  }

  private boolean isIn(BitSet wanted, String key) {
    return wanted.get(replicas.partitionOf(key));
  }

  private void awaitRest() throws InterruptedException {
    while (!isAtRest()) {
      Thread.sleep(LOOK_EVERY);
    }
  }

  private boolean isAtRest() {
    for (int partition = 0; partition < replicas.count(); partition++) {
      if (replicas.owner(partition) == null) {
        // Asking for it this way has the partitions arranged, which nobody may have needed so far.
        partitions.getPartitions().forEach(one -> one.getOwner());
        return false;
      }
    }
    return partitions.isClusterSafe();
  }

  private BitSet owned() {
    var owned = new BitSet(replicas.count());
    for (int partition = 0; partition < replicas.count(); partition++) {
      owned.set(partition, replicas.isOwned(partition));
    }
    return owned;
  }
}
