package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.PlanResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what another member has of some executions, where that is better than what this
 * member's store has. Thread-safe.
 */
record BetterChains(ChainStore store, ChainPeers peers, PlanResolver plans, ChainStats stats) {
  private static final Logger LOG = LoggerFactory.getLogger(BetterChains.class);

  /**
   * @throws ChainPeers.UnansweredException when the member does not answer; some may have been
   *     taken over
   */
  void take(UUID member, List<ExecutionKey> keys) throws InterruptedException {
    var better = new ArrayList<ExecutionKey>();
    for (ChainHead theirs : peers.lookup(member, keys)) {
      if (theirs != null && store.head(theirs.key()).map(theirs::isBetterThan).orElse(true)) {
        better.add(theirs.key());
      }
    }
    peers.fetch(member, better, chains -> merge(member, chains));
  }

  private void merge(UUID member, List<Chain> chains) {
    for (ChainStore.Merged merged : store.merge(chains, plans)) {
      if (merged.damage() == null) {
        stats.fetched(1);
      } else {
        LOG.error("A chain on {} does not hold: {}", member, merged.damage());
      }
    }
  }
}
