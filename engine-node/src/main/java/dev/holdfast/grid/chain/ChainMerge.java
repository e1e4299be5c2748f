package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.Replicas;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Merged;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.PlanResolver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, before a cluster opens, what holds of the executions that this member owns: asks all
 * members for their chains, takes over what is better than its own, and names what is to be
 * installed (ADR 0021). Every member does so at the same time. Only what is live on some disk
 * matters here; the rest is settled while the cluster runs.
 */
final class ChainMerge {
  private static final Logger LOG = LoggerFactory.getLogger(ChainMerge.class);

  /** This member's number among all. */
  private static final int SELF = 0;

  private static final long PAUSE_MILLIS = 20;

  private final ChainStore store;
  private final ChainPeers peers;
  private final Replicas replicas;
  private final PlanResolver plans;
  private final int clusterSize;
  private final ChainStats stats;

  ChainMerge(
      ChainStore store,
      ChainPeers peers,
      Replicas replicas,
      PlanResolver plans,
      int clusterSize,
      ChainStats stats) {
    this.store = store;
    this.peers = peers;
    this.replicas = replicas;
    this.plans = plans;
    this.clusterSize = clusterSize;
    this.stats = stats;
  }

  /**
   * The live executions of the partitions that this member owns, as the best chains have them.
   *
   * @param recovered what its own store had at the start; the very objects are given back where
   *     they hold
   */
  Collection<ExecutionEntry> run(Collection<ExecutionEntry> recovered) throws InterruptedException {
    while (true) {
      while (replicas.isMoving()) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      BitSet owned = owned();
      Collection<ExecutionEntry> best = run(recovered, owned);
      if (owned.equals(owned())) {
        return best;
      }
      LOG.info("Partitions have moved while chains were merged; once more");
    }
  }

  private BitSet owned() {
    var owned = new BitSet(replicas.count());
    for (int partition = 0; partition < replicas.count(); partition++) {
      owned.set(partition, replicas.isOwned(partition));
    }
    return owned;
  }

  private boolean isOwned(BitSet owned, ExecutionKey key) {
    return owned.get(replicas.partitionOf(key.text()));
  }

  private Collection<ExecutionEntry> run(Collection<ExecutionEntry> recovered, BitSet owned)
      throws InterruptedException {
    List<UUID> others = peers.others();
    var best = new BestChains(others.size() + 1);
    store
        .liveHeads()
        .filter(head -> isOwned(owned, head.key()))
        .forEach(head -> best.add(SELF, head));
    for (int i = 0; i < others.size(); i++) {
      int member = i + 1;
      peers.liveHeads(others.get(i), owned, head -> best.add(member, head));
    }
    addUnknown(best, others);
    Map<ExecutionKey, Merged> taken = takeOver(best, others);
    return installable(recovered, owned, best, taken);
  }

  /** Chains that are live on one disk may have ended on another. */
  private void addUnknown(BestChains best, List<UUID> others) throws InterruptedException {
    for (ExecutionKey key : best.unknown(SELF, Integer.MAX_VALUE)) {
      store.head(key).ifPresent(head -> best.add(SELF, head));
    }
    for (int i = 0; i < others.size(); i++) {
      List<ExecutionKey> unknown = best.unknown(i + 1, clusterSize);
      for (ChainHead head : peers.lookup(others.get(i), unknown)) {
        if (head != null) {
          best.add(i + 1, head);
        }
      }
    }
  }

  /** Takes over the best chains, until what is best is here; by execution. */
  private Map<ExecutionKey, Merged> takeOver(BestChains best, List<UUID> others)
      throws InterruptedException {
    var taken = new HashMap<ExecutionKey, Merged>();
    while (true) {
      List<List<ExecutionKey>> wanted = new ArrayList<>();
      others.forEach(other -> wanted.add(new ArrayList<>()));
      best.each(key -> {
        int holder = best.holder(key);
        if (holder > SELF && !taken.containsKey(key)) {
          wanted.get(holder - 1).add(key);
        }
      });
      if (wanted.stream().allMatch(List::isEmpty)) {
        return taken;
      }
      for (int i = 0; i < others.size(); i++) {
        int member = i + 1;
        peers.fetch(others.get(i), wanted.get(i), chains -> keep(best, chains, taken));
        for (ExecutionKey key : wanted.get(i)) {
          if (!taken.containsKey(key)) {
            LOG.error("The best chain of {}, on {}, can't be used", key, others.get(member - 1));
            best.reject(member, key);
          }
        }
      }
    }
  }

  private void keep(BestChains best, List<Chain> chains, Map<ExecutionKey, Merged> taken) {
    List<Merged> merged =
        store.merge(
            chains.stream().map(chain -> chain.underEpoch(best.epoch(chain.head().key()))).toList(),
            plans);
    for (int i = 0; i < merged.size(); i++) {
      if (merged.get(i).damage() == null) {
        taken.put(chains.get(i).head().key(), merged.get(i));
        stats.fetched(1);
      } else {
        LOG.error("A chain from elsewhere does not hold: {}", merged.get(i).damage());
      }
    }
  }

  private Collection<ExecutionEntry> installable(
      Collection<ExecutionEntry> recovered,
      BitSet owned,
      BestChains best,
      Map<ExecutionKey, Merged> taken) {
    var installable = new ArrayList<ExecutionEntry>();
    for (ExecutionEntry entry : recovered) {
      if (isOwned(owned, entry.state().key()) && holds(best, entry)) {
        installable.add(entry);
      }
    }
    addReplacedBefore(best, installable);
    for (Merged merged : taken.values()) {
      if (merged.live() != null) {
        installable.add(merged.live());
      }
    }
    LOG.info(
        "{} live executions are this member's, {} chains are as other members had them",
        installable.size(),
        taken.size());
    return installable;
  }

  private static boolean holds(BestChains best, ExecutionEntry entry) {
    ExecutionKey key = entry.state().key();
    ChainHead head = best.head(SELF, key);
    return head != null
        && best.holder(key) == SELF
        && head.seq() == entry.state().seq()
        && Arrays.equals(head.hash(), entry.hash());
  }

  /** What a run before this one took over is not among what was recovered. */
  private void addReplacedBefore(BestChains best, List<ExecutionEntry> installable) {
    var missing = new HashSet<ExecutionKey>();
    best.each(key -> {
      ChainHead head = best.head(SELF, key);
      if (best.holder(key) == SELF && head != null && !head.ended()) {
        missing.add(key);
      }
    });
    installable.forEach(entry -> missing.remove(entry.state().key()));
    for (ExecutionKey key : missing) {
      store.loadEntry(key, plans).ifPresent(installable::add);
    }
  }
}
