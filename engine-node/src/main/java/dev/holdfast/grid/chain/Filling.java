package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.HeadPage;
import dev.holdfast.journal.ChainStore.Merged;
import dev.holdfast.journal.PlanResolver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the beginnings of chains that came to this member as states. On the settling's thread.
 */
final class Filling {
  private static final Logger LOG = LoggerFactory.getLogger(Filling.class);
  private static final int PAGE = 500;

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
        int done = fill(page.heads());
        filled += done;
        left += page.heads().size() - done;
      }
      from = page.next();
    } while (from > 0);
    stats.incomplete(left);
    return new Result(filled, left);
  }

  private int fill(List<ChainHead> heads) throws InterruptedException {
    Set<ExecutionKey> left = new LinkedHashSet<>();
    heads.forEach(head -> left.add(head.key()));
    for (UUID member : peers.others()) {
      if (left.isEmpty()) {
        break;
      }
      try {
        fill(member, left);
      } catch (ChainPeers.UnansweredException e) {
        LOG.debug("{} gives no chains at the moment", member, e);
      }
    }
    return heads.size() - left.size();
  }

  private void fill(UUID member, Set<ExecutionKey> left) throws InterruptedException {
    var complete = new ArrayList<ExecutionKey>();
    for (ChainHead head : peers.lookup(member, List.copyOf(left))) {
      if (head != null && head.complete()) {
        complete.add(head.key());
      }
    }
    var filled = new HashSet<ExecutionKey>();
    peers.fetch(
        member,
        complete,
        chains -> {
          List<Merged> merged = store.fill(chains, plans);
          long bytes = 0;
          for (int i = 0; i < chains.size(); i++) {
            Chain chain = chains.get(i);
            bytes += ChainWire.sizeOf(chain);
            if (merged.get(i).damage() != null) {
              LOG.warn("The chain on {} is of no use: {}", member, merged.get(i).damage());
            } else if (store.head(chain.head().key()).map(ChainHead::complete).orElse(true)) {
              filled.add(chain.head().key());
            }
          }
          Pace.after(bytes);
        });
    stats.fetched(filled.size());
    left.removeAll(filled);
  }
}
