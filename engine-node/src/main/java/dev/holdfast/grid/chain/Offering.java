package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.Replicas;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.HeadPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One walk through all chains of this member's store: each is offered to the partition's owner and
 * backup, given to them where they want it, and dropped where both have it and this member is
 * neither. Live ones of its own that are not in memory are restored. A page at a time, so that it
 * takes no memory. On the settling's thread.
 */
final class Offering {
  private static final Logger LOG = LoggerFactory.getLogger(Offering.class);
  private static final long PUT_BYTES_MAX = 1 << 20;

  private final ChainStore store;
  private final ChainPeers peers;
  private final Replicas replicas;
  private final ChainStats stats;
  private final Orphans orphans;
  private final Roles roles;
  private long given;
  private long dropped;
  private long left;

  /**
   * @param roles by which chains are offered; the walk ends when they are others
   */
  Offering(
      ChainStore store,
      ChainPeers peers,
      Replicas replicas,
      ChainStats stats,
      Orphans orphans,
      Roles roles) {
    this.orphans = orphans;
    this.store = store;
    this.peers = peers;
    this.replicas = replicas;
    this.stats = stats;
    this.roles = roles;
  }

  /**
   * What a walk came to.
   *
   * @param moved chains given or dropped
   * @param left chains that not everybody has who should
   * @param whole whether all chains were looked at
   */
  record Result(long moved, long left, boolean whole) {}

  Result run() throws InterruptedException {
    boolean whole = offerLive() && offerEnded();
    stats.unconfirmed(left);
    return new Result(given + dropped, left, whole);
  }

  private boolean offerLive() throws InterruptedException {
    Iterator<ChainHead> live = store.liveHeads().iterator();
    while (live.hasNext()) {
      var page = new ArrayList<ChainHead>(ChainPeers.BATCH_MAX);
      while (live.hasNext() && page.size() < ChainPeers.BATCH_MAX) {
        page.add(live.next());
      }
      left += orphans.restore(page.stream().filter(this::isOwned).toList());
      if (!offer(page)) {
        return false;
      }
    }
    return true;
  }

  private boolean offerEnded() throws InterruptedException {
    long from = 0;
    do {
      HeadPage page = store.endedHeads(from, ChainPeers.BATCH_MAX);
      if (!offer(page.heads())) {
        return false;
      }
      from = page.next();
    } while (from > 0);
    return true;
  }

  /** False when the roles have changed. */
  private boolean offer(List<ChainHead> page) throws InterruptedException {
    Map<UUID, List<ChainHead>> offers = new HashMap<>();
    for (ChainHead head : page) {
      for (UUID keeper : keepers(head)) {
        if (!keeper.equals(peers.self())) {
          offers.computeIfAbsent(keeper, member -> new ArrayList<>()).add(head);
        }
      }
    }
    // Of each chain, how many others who should have it do.
    var having = new HashMap<ExecutionKey, Integer>();
    var getting = new HashMap<ExecutionKey, Integer>();
    for (Map.Entry<UUID, List<ChainHead>> offer : offers.entrySet()) {
      try {
        offer(offer.getKey(), offer.getValue(), having, getting);
      } catch (ChainPeers.UnansweredException e) {
        LOG.debug("{} takes no chains at the moment", offer.getKey(), e);
      }
    }
    if (!Roles.of(replicas).equals(roles)) {
      return false;
    }
    settle(page, having, getting);
    Pace.after(0);
    return true;
  }

  private boolean isOwned(ChainHead head) {
    return replicas.isOwned(replicas.partitionOf(head.key().text()));
  }

  private List<UUID> keepers(ChainHead head) {
    return roles.keepers(replicas.partitionOf(head.key().text()));
  }

  private void offer(
      UUID member,
      List<ChainHead> heads,
      Map<ExecutionKey, Integer> having,
      Map<ExecutionKey, Integer> getting)
      throws InterruptedException {
    List<Verdict> verdicts = peers.offer(member, heads);
    var wanted = new ArrayList<ExecutionKey>();
    for (int i = 0; i < verdicts.size(); i++) {
      ExecutionKey key = heads.get(i).key();
      switch (verdicts.get(i)) {
        case HAS -> having.merge(key, 1, Integer::sum);
        case GETS -> getting.merge(key, 1, Integer::sum);
        case WANTS -> wanted.add(key);
        case LATER -> LOG.debug("{} says nothing of {} yet", member, key);
      }
    }
    Iterator<ExecutionKey> keys = wanted.iterator();
    while (keys.hasNext()) {
      var chains = new ArrayList<Chain>();
      long bytes = 0;
      while (keys.hasNext() && bytes < PUT_BYTES_MAX) {
        Chain chain = store.chain(keys.next()).orElse(null);
        if (chain != null) {
          chains.add(chain);
          bytes += ChainWire.sizeOf(chain);
        }
      }
      put(member, chains, having);
      Pace.after(bytes);
    }
  }

  private void put(UUID member, List<Chain> chains, Map<ExecutionKey, Integer> having)
      throws InterruptedException {
    List<Verdict> verdicts = peers.put(member, chains);
    for (int i = 0; i < verdicts.size(); i++) {
      if (verdicts.get(i) == Verdict.HAS) {
        having.merge(chains.get(i).head().key(), 1, Integer::sum);
        given++;
      }
    }
  }

  private void settle(
      List<ChainHead> page, Map<ExecutionKey, Integer> having, Map<ExecutionKey, Integer> getting) {
    var toDrop = new ArrayList<ChainHead>();
    for (ChainHead head : page) {
      List<UUID> keepers = keepers(head);
      int has = having.getOrDefault(head.key(), 0);
      int gets = getting.getOrDefault(head.key(), 0);
      boolean kept = keepers.contains(peers.self());
      if (kept ? has + gets < keepers.size() - 1 : has < 2) {
        left++;
      } else if (!kept) {
        toDrop.add(head);
      }
    }
    int count = store.drop(toDrop);
    dropped += count;
    stats.dropped(count);
  }
}
