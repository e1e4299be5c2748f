package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Gap;
import dev.holdfast.journal.ChainStore.HeadPage;
import dev.holdfast.journal.ChainStore.Merged;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills in the beginnings of chains that came to this member as states, from what any member has of
 * them, this one included: a beginning may have to be put together from several members' pieces, so
 * that is gone on with as long as some gap gets smaller. On the settling's thread.
 */
final class Filling {
  private static final Logger LOG = LoggerFactory.getLogger(Filling.class);
  private static final int PAGE = 500;

  /** Chains that the store takes at once. */
  private static final int CHAINS_MAX = 32;

  private final ChainStore store;
  private final ChainPeers peers;
  private final PlanResolver plans;
  private final ChainStats stats;

  Filling(ChainStore store, ChainPeers peers, PlanResolver plans, ChainStats stats) {
    this.store = store;
    this.peers = peers;
    this.plans = plans;
    this.stats = stats;
  }

  /**
   * Tries to fill every chain that is not complete.
   *
   * @param left how many still aren't
   */
  record Result(long filled, long left) {}

  Result run() throws InterruptedException {
    long filled = 0;
    long left = 0;
    long from = 0;
    do {
      HeadPage page = store.incompleteHeads(from, PAGE);
      if (!page.heads().isEmpty()) {
        int still = fill(page.heads());
        filled += page.heads().size() - still;
        left += still;
      }
      from = page.next();
    } while (from > 0);
    stats.incomplete(left);
    return new Result(filled, left);
  }

  /** How many are still not complete. */
  private int fill(List<ChainHead> heads) throws InterruptedException {
    Map<ExecutionKey, Gap> gaps = new LinkedHashMap<>();
    int damaged = 0;
    for (ChainHead head : heads) {
      try {
        store.gap(head.key()).ifPresent(gap -> gaps.put(gap.key(), gap));
      } catch (StoreException e) {
        LOG.warn("What the chain of {} lacks can't be found out", head.key(), e);
        damaged++;
      }
    }
    boolean smaller = true;
    while (smaller && !gaps.isEmpty()) {
      smaller = fillFromHere(gaps);
      for (UUID member : peers.others()) {
        smaller |= fillFrom(member, gaps);
      }
    }
    return gaps.size() + damaged;
  }

  /** Whether some gap is smaller now. */
  private boolean fillFromHere(Map<ExecutionKey, Gap> gaps) {
    boolean smaller = false;
    var chains = new ArrayList<Chain>();
    for (Gap gap : List.copyOf(gaps.values())) {
      try {
        store.beginning(gap).ifPresent(chains::add);
      } catch (StoreException e) {
        LOG.warn("A former chain on this disk is of no use", e);
      }
      if (chains.size() == CHAINS_MAX) {
        smaller |= take("this disk", chains, gaps) > 0;
        chains.clear();
      }
    }
    return smaller | take("this disk", chains, gaps) > 0;
  }

  private boolean fillFrom(UUID member, Map<ExecutionKey, Gap> gaps) throws InterruptedException {
    int[] smaller = {0};
    try {
      peers.beginnings(
          member,
          List.copyOf(gaps.values()),
          chains -> {
            smaller[0] += take(member, chains, gaps);
            Pace.after(chains.stream().mapToLong(ChainWire::sizeOf).sum());
          });
    } catch (ChainPeers.UnansweredException e) {
      LOG.debug("{} gives no chains at the moment", member, e);
    }
    stats.fetched(smaller[0]);
    return smaller[0] > 0;
  }

  /** How many gaps are smaller now. */
  private int take(Object from, List<Chain> chains, Map<ExecutionKey, Gap> gaps) {
    List<Merged> merged = store.fill(chains, plans);
    int smaller = 0;
    for (int i = 0; i < chains.size(); i++) {
      if (merged.get(i).damage() != null) {
        LOG.warn("A beginning on {} is of no use: {}", from, merged.get(i).damage());
        continue;
      }
      ExecutionKey key = chains.get(i).head().key();
      Gap before = gaps.get(key);
      Optional<Gap> now = store.gap(key);
      now.ifPresentOrElse(gap -> gaps.put(key, gap), () -> gaps.remove(key));
      if (before != null && now.map(gap -> gap.seq() < before.seq()).orElse(true)) {
        smaller++;
      }
    }
    return smaller;
  }
}
