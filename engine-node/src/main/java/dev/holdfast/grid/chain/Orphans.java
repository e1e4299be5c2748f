package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.PlanResolver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live executions that this member owns and has on its disk, but that the cluster has lost from its
 * memory, as when their owner and their backup went at the same moment. They go on from the best
 * chain of all members, once all are there that there should be: a member that is still away may
 * have what was acknowledged last. On the settling's thread.
 */
final class Orphans {
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

  private final ChainStore store;
  private final ChainPeers peers;
  private final BetterChains better;
  private final LiveMemory memory;
  private final PlanResolver plans;
  private final int clusterSize;
  private final ChainStats stats;

  Orphans(
      ChainStore store,
      ChainPeers peers,
      BetterChains better,
      LiveMemory memory,
      PlanResolver plans,
      int clusterSize,
      ChainStats stats) {
    this.store = store;
    this.peers = peers;
    this.better = better;
    this.memory = memory;
    this.plans = plans;
    this.clusterSize = clusterSize;
    this.stats = stats;
  }

  /**
   * Restores what of these is not in memory.
   *
   * @param heads of live chains that this member owns
   * @return how many could not be restored yet
   */
  int restore(List<ChainHead> heads) throws InterruptedException {
    Map<ChainHead, CompletableFuture<Boolean>> inMemory = new LinkedHashMap<>();
    heads.forEach(head -> inMemory.put(head, memory.has(head.key())));
    var orphans = new ArrayList<ExecutionKey>();
    inMemory.forEach((head, has) -> {
      if (!LiveMemory.said(has, true) && isStill(head)) {
        orphans.add(head.key());
      }
    });
    if (orphans.isEmpty()) {
      return 0;
    }
    List<UUID> others = peers.others();
    if (others.size() + 1 < clusterSize) {
      LOG.info(
          "{} executions that this disk has as live are not in memory, {} for one; whether others"
              + " have their end is known once all {} members are there",
          orphans.size(),
          orphans.getFirst(),
          clusterSize);
      return orphans.size();
    }
    for (UUID other : others) {
      better.take(other, orphans);
    }
    int left = 0;
    for (ExecutionKey key : orphans) {
      left += restore(key) ? 0 : 1;
    }
    return left;
  }

  /** What ended meanwhile has left memory, and is in the store as ended by then. */
  private boolean isStill(ChainHead head) {
    return store.head(head.key()).map(now -> !now.ended() && now.isSameAs(head)).orElse(false);
  }

  private boolean restore(ExecutionKey key) {
    Optional<ExecutionEntry> entry =
        store.loadEntry(key, plans).filter(one -> !one.state().status().isEnded());
    if (entry.isEmpty()) {
      return true;
    }
    boolean restored = LiveMemory.said(memory.restore(entry.get()), false);
    if (restored) {
      stats.restored(1);
      LOG.warn("{} was on disks only; it goes on from seq {}", key, entry.get().state().seq());
    }
    return restored;
  }
}
