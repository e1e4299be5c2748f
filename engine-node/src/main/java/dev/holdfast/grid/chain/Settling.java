package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.Epochs;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.PlanResolver;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that each member's disk has the whole chains of what the member owns and backs up, and
 * nothing else (ADR 0021): merges them when the cluster opens, and settles them in the background
 * while it runs, whenever partitions have moved. What it does can be broken off anywhere and done
 * again.
 */
public final class Settling implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Settling.class);
  private static final long LOOK_MILLIS = 1000;
  private static final long WALK_AGAIN_NANOS_MIN = Duration.ofSeconds(2).toNanos();
  private static final long WALK_AGAIN_NANOS_MAX = Duration.ofMinutes(1).toNanos();

  private final ChainStore store;
  private final Replicas replicas;
  private final Epochs epochs;
  private final ChainPeers peers;
  private final ChainMerge merge;
  private final Filling filling;
  private final Orphans orphans;
  private final ChainSearch search;
  private final ChainStats stats;
  private final Thread thread;
  private volatile boolean open = true;
  private @Nullable Roles roles;
  private volatile boolean walked;
  private long walkAtNanos;
  private long walkAgainNanos = WALK_AGAIN_NANOS_MIN;

  /**
   * Answers other members' questions about this one's chains from here on.
   *
   * @param memory the executions that this member owns
   * @param clusterSize members expected
   * @param stats counts what is done
   */
  public Settling(
      ChainStore store,
      Peers peers,
      Replicas replicas,
      Epochs epochs,
      LiveMemory memory,
      PlanResolver plans,
      int clusterSize,
      ChainStats stats) {
    this.store = store;
    this.stats = stats;
    this.replicas = replicas;
    this.epochs = epochs;
    this.peers = new ChainPeers(peers);
    this.merge = new ChainMerge(store, this.peers, replicas, plans, clusterSize, stats);
    this.filling = new Filling(store, this.peers, plans, stats);
    this.thread = Thread.ofPlatform().name("holdfast-settling").daemon().unstarted(this::run);
    var better = new BetterChains(store, this.peers, plans, stats);
    this.orphans = new Orphans(store, this.peers, better, memory, plans, clusterSize, stats);
    this.search = new ChainSearch(this.peers, better, replicas);
    search.serve(peers);
    new ChainAnswers(store, replicas, epochs, memory, plans, stats, () -> walked = false)
        .serve(peers);
  }

  /** Begins to settle. */
  public void start() {
    thread.start();
  }

  /**
   * Before the cluster opens: what is to be installed of the executions that this member owns.
   *
   * @param recovered what its own store had at the start; the very objects are given back where
   *     they hold
   * @throws RuntimeException when a member does not answer; worth another try
   */
  public Collection<ExecutionEntry> merge(Collection<ExecutionEntry> recovered)
      throws InterruptedException {
    return merge.run(recovered);
  }

  /**
   * Sees to it that this member's store has the best chain of an execution that it owns and does
   * not have in memory. Costs nothing once the chains are settled; blocks until then.
   *
   * @throws dev.holdfast.grid.peer.NotServingException when a member does not answer; worth another
   *     try
   */
  public void settle(ExecutionKey key) {
    search.settle(key);
  }

  private void run() {
    try {
      while (open) {
        try {
          look();
        } catch (RuntimeException e) {
          if (open) {
            LOG.warn("Chains could not be settled, it goes on", e);
          }
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      // Told to stop; whatever is left is found by the next start.
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    if (epochs.current() == Epochs.NONE) {
      return;
    }
    Roles now = Roles.of(replicas);
    if (!now.equals(roles)) {
      // Only once nothing has moved between two looks, so that a migration isn't chased.
      roles = now;
      walked = false;
      walkAgainNanos = WALK_AGAIN_NANOS_MIN;
      walkAtNanos = System.nanoTime();
      return;
    }
    if (System.nanoTime() - walkAtNanos < 0 || replicas.isMoving()) {
      return;
    }
    if (!walked) {
      walk(now);
    } else if (!store.incompleteHeads(0, 1).heads().isEmpty()) {
      // A backup that had missed something was given the state anew.
      Filling.Result filled = filling.run();
      again(filled.filled() > 0);
    }
  }

  private void walk(Roles now) throws InterruptedException {
    walked = true;
    Filling.Result filled = filling.run();
    Offering.Result offered = new Offering(store, peers, replicas, stats, orphans, now).run();
    boolean moved = filled.filled() + offered.moved() > 0;
    if (moved) {
      LOG.info(
          "Settling: {} chains completed, {} given or dropped; {} incomplete, {} not confirmed",
          filled.filled(),
          offered.moved(),
          filled.left(),
          offered.left());
    }
    if (offered.whole() && offered.left() == 0) {
      search.announce(now);
    }
    if (!offered.whole() || !now.isWhole() || offered.left() > 0) {
      walked = false;
    }
    again(moved);
  }

  private void again(boolean moved) {
    walkAgainNanos =
        moved ? WALK_AGAIN_NANOS_MIN : Math.min(2 * walkAgainNanos, WALK_AGAIN_NANOS_MAX);
    walkAtNanos = System.nanoTime() + walkAgainNanos;
  }

  /** Stops where it is. */
  @Override
  public void close() {
    open = false;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
