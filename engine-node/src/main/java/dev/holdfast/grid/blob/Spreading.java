package dev.holdfast.grid.blob;

import dev.holdfast.grid.Epochs;
import dev.holdfast.grid.Replicas;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.StoredBlob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings each blob of this member's disk to the disks where it belongs, after partitions have
 * moved; what is there and does not belong here is dropped. Can be broken off anywhere and done
 * again. For one thread.
 */
final class Spreading {
  private static final Logger LOG = LoggerFactory.getLogger(Spreading.class);
  private static final int PAGE = 50;
  private static final long AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

  private final BlobStore store;
  private final BlobPeers peers;
  private final Replicas replicas;
  private final Homes homes;
  private final Epochs epochs;
  private final BlobStats stats;
  private final long patienceNanos;
  private long stamp;
  private long dueNanos;
  private boolean spread;

  /**
   * @param patience how long partitions have to have stayed where they are: a member that is away
   *     for no longer costs no copying
   */
  Spreading(
      BlobStore store,
      BlobPeers peers,
      Replicas replicas,
      Epochs epochs,
      Duration patience,
      BlobStats stats) {
    this.store = store;
    this.peers = peers;
    this.replicas = replicas;
    this.homes = new Homes(replicas);
    this.epochs = epochs;
    this.stats = stats;
    this.patienceNanos = patience.toNanos();
    this.dueNanos = System.nanoTime() + patienceNanos;
  }

  /** Looks whether there is anything to do, and does it. */
  void look() {
    long now = replicas.partitionStamp();
    if (now != stamp) {
      stamp = now;
      spread = false;
      dueNanos = System.nanoTime() + patienceNanos;
    }
    if (spread
        || epochs.current() == Epochs.NONE
        || replicas.isMoving()
        || System.nanoTime() - dueNanos < 0) {
      return;
    }
    long left = run();
    stats.unsettled(left);
    spread = left == 0;
    dueNanos = System.nanoTime() + AGAIN_NANOS;
  }

  /**
   * @return how many blobs are not everywhere yet where they belong
   */
  private long run() {
    long left = 0;
    List<StoredBlob> page = store.list(null, PAGE);
    while (!page.isEmpty()) {
      BlobKey last = page.getLast().key();
      left += spread(page);
      page = store.list(last, PAGE);
    }
    return left;
  }

  private long spread(List<StoredBlob> blobs) {
    UUID self = peers.self();
    Map<UUID, List<BlobPeers.Item>> offers = new HashMap<>();
    Map<BlobKey, Integer> copies = new HashMap<>();
    for (StoredBlob blob : blobs) {
      BlobPeers.Item item = BlobPeers.Item.of(blob, store.usesOf(blob.key()));
      for (UUID home : homes.of(blob.key())) {
        if (home.equals(self)) {
          copies.merge(blob.key(), 1, Integer::sum);
        } else {
          offers.computeIfAbsent(home, unused -> new ArrayList<>()).add(item);
        }
      }
    }
    offers.forEach((home, items) -> offer(home, items, copies));
    long left = 0;
    for (StoredBlob blob : blobs) {
      Set<UUID> wanted = homes.of(blob.key());
      if (wanted.size() < 2 || copies.getOrDefault(blob.key(), 0) < 2) {
        left++;
      } else if (!wanted.contains(self)) {
        store.drop(blob);
      }
    }
    return left;
  }

  private void offer(UUID home, List<BlobPeers.Item> items, Map<BlobKey, Integer> copies) {
    try {
      boolean[] there = peers.take(home, peers.self(), items);
      for (int i = 0; i < there.length; i++) {
        if (there[i]) {
          copies.merge(items.get(i).blob().key(), 1, Integer::sum);
        }
      }
    } catch (StoreException e) {
      LOG.debug("Member {} has not taken {} blobs, it is tried again", home, items.size(), e);
    }
  }
}
