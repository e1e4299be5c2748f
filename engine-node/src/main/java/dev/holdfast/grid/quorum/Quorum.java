package dev.holdfast.grid.quorum;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import dev.holdfast.grid.ClusterState;
import dev.holdfast.grid.Epochs;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.peer.NotServingException;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agrees with the other members on the epoch of each member list, and on when the cluster opens
 * (ADR 0020). Thread-safe.
 */
public final class Quorum implements Epochs, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Quorum.class);
  private static final long SWEEP_MILLIS = 100;
  private static final long AGREED_WITHIN_MILLIS = 500;
  private static final long SWEEP_UNSETTLED_MILLIS = 20;

  private final Replicas replicas;
  private final Peers peers;
  private final Seat seat;
  private final Chair chair;
  private final int clusterSize;
  private final Semaphore news = new Semaphore(0);
  private final Thread thread;
  private final AtomicLong unsettledSince = new AtomicLong();
  private volatile boolean open = true;

  /**
   * @param clusterSize members expected, 1 or more
   * @param store where promises are kept
   * @param installing what this member brings into a cluster that opens
   */
  public Quorum(
      HazelcastInstance hazelcast,
      Replicas replicas,
      Peers peers,
      StateStore store,
      int clusterSize,
      InstantSource clock,
      Installing installing,
      OpeningListener listener) {
    this.replicas = replicas;
    this.peers = peers;
    this.clusterSize = clusterSize;
    this.seat = new Seat(replicas, store, clusterSize, installing, listener, this::wake);
    this.chair = new Chair(peers, seat, clock, store instanceof SharedStore, this::wake);
    this.thread = Thread.ofPlatform().name("holdfast-quorum").daemon().unstarted(this::run);
    hazelcast.getCluster().addMembershipListener(new Memberships());
    hazelcast.getLifecycleService().addLifecycleListener(this::lifecycleChanged);
  }

  /**
   * Begins. A cluster of one is open on return; one that waits for other members is not.
   *
   * @throws IllegalStateException when a cluster of one can't be opened
   */
  public void start() {
    peers.serve(PeerOp.EPOCH_PROPOSE, (from, body) -> vote(from, body).encode());
    peers.serve(PeerOp.EPOCH_ADOPT, (from, body) -> adopt(from, body).encode());
    peers.serve(PeerOp.OPEN_FORCED, (from, body) -> forced());
    thread.start();
    if (clusterSize == 1) {
      awaitOpening();
    }
  }

  private Vote vote(UUID from, byte[] body) {
    return seat.vote(from, Proposal.decode(body));
  }

  private Progress adopt(UUID from, byte[] body) {
    return seat.adopt(from, Adoption.decode(body));
  }

  /** How this member stands now. */
  public Standing standing() {
    long since = unsettledSince.get();
    return Standings.of(
        seat.adopted(),
        current(),
        replicas.memberCount(),
        clusterSize,
        since == 0 ? 0 : System.nanoTime() - since);
  }

  /** Completes when the cluster has opened for this member the first time. */
  public CompletableFuture<Void> opened() {
    return seat.opened();
  }

  /**
   * Opens the cluster with the members that are there now, or lets them go on. Whoever is missing
   * must be gone for good: what members elsewhere did meanwhile is not known here.
   *
   * @return completes when the master has heard of it; it then has the cluster opened
   */
  public CompletableFuture<Void> force() {
    MemberList list = replicas.members();
    if (list.isLedHere()) {
      forced();
      return CompletableFuture.completedFuture(null);
    }
    return peers
        .ask(list.members().getFirst(), PeerOp.OPEN_FORCED, new byte[0])
        .thenApply(unused -> null);
  }

  private byte[] forced() {
    if (!replicas.isMaster()) {
      throw new NotServingException("the member does not lead the cluster any more");
    }
    if (current() == NONE) {
      LOG.warn(
          "An operator opens the cluster with {} of {} members",
          replicas.memberCount(),
          clusterSize);
      chair.force();
    }
    return new byte[0];
  }

  private void awaitOpening() {
    try {
      seat.awaitOpening();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the start was interrupted", e);
    }
  }

  @Override
  public long current() {
    return seat.current();
  }

  @Override
  public long promised() {
    return seat.highest();
  }

  /**
   * Whether it is worth waiting for {@link #agreed}: there is no epoch, but only since a member
   * came or went a moment ago.
   */
  public boolean isSettling() {
    return seat.isOpen() && current() == NONE && standing().state() == ClusterState.OPEN;
  }

  /** Completes when there is an epoch again, or soon after in vain; by a thread not to block. */
  public CompletableFuture<Void> agreed() {
    CompletableFuture<Void> next = seat.nextAdoption().copy();
    return current() != NONE
        ? CompletableFuture.completedFuture(null)
        : next.completeOnTimeout(null, AGREED_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void wake() {
    news.release();
  }

  private void run() {
    while (open) {
      try {
        chair.round(replicas.members());
      } catch (RuntimeException e) {
        if (open) {
          LOG.error("no epoch could be agreed on, it is tried again", e);
        }
      }
      watch();
      pause(chair.isSettled() ? SWEEP_MILLIS : SWEEP_UNSETTLED_MILLIS);
    }
  }

  /** Notes since when there has been no epoch. */
  private void watch() {
    if (!seat.isOpen() || current() != NONE) {
      unsettledSince.set(0);
    } else {
      unsettledSince.compareAndSet(0, System.nanoTime());
    }
  }

  private void pause(long millis) {
    try {
      if (news.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        news.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      open = false;
    }
  }

  private void lifecycleChanged(LifecycleEvent event) {
    switch (event.getState()) {
      case MERGING -> {
        LOG.warn("Another part of the cluster goes on without this member; joining it");
        seat.leave();
      }
      case MERGED -> wake();
      case MERGE_FAILED -> LOG.error("The other part of the cluster could not be joined");
      default -> LOG.debug("{}", event.getState());
    }
  }

  /** Agrees on nothing any more. */
  @Override
  public void close() {
    open = false;
    wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A hint only: the sweep sees the list itself. */
  private final class Memberships implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      wake();
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      wake();
    }
  }
}
