package dev.holdfast.grid.quorum;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.partition.PartitionLostEvent;
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

  /** Copies of each partition beside its owner's. */
  private static final int BACKUPS = 1;

  private static final Seats ALONE = new Seats(1, true);
  private static final long HEARD_WITHIN_MILLIS = 300;
  private static final long SWEEP_UNSETTLED_MILLIS = 20;

  private final HazelcastInstance hazelcast;
  private final Replicas replicas;
  private final Peers peers;
  private final Seat seat;
  private final Chair chair;
  private final int clusterSize;
  private final Semaphore news = new Semaphore(0);
  private final Thread thread;
  private final AtomicLong unsettledSince = new AtomicLong();
  private final SplitBrain splitBrain;
  private int needed;
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
    this.hazelcast = hazelcast;
    this.replicas = replicas;
    this.peers = peers;
    this.clusterSize = clusterSize;
    this.splitBrain = SplitBrain.of(hazelcast);
    var contact = new Contact(peers::ask, System::nanoTime);
    this.seat = new Seat(replicas, store, clusterSize, installing, listener, contact, this::wake);
    this.chair = new Chair(peers, seat, clock, store instanceof SharedStore, this::wake);
    this.thread = Thread.ofPlatform().name("holdfast-quorum").daemon().unstarted(this::run);
    hazelcast.getCluster().addMembershipListener(new Memberships());
    hazelcast.getLifecycleService().addLifecycleListener(this::lifecycleChanged);
    hazelcast.getPartitionService().addPartitionLostListener(this::partitionLost);
  }

  /**
   * Begins. A cluster of one is open on return; one that waits for other members is not.
   *
   * @throws IllegalStateException when a cluster of one can't be opened
   */
  public void start() {
    peers.serve(PeerOp.EPOCH_PROPOSE, (from, body) -> vote(from, body).encode());
    peers.serve(PeerOp.EPOCH_ADOPT, (from, body) -> adopt(from, body).encode());
    peers.serve(
        PeerOp.EPOCH_HELD,
        (from, body) -> Contact.answer(body, seat.highest(), replicas.memberListVersion()));
    peers.serve(PeerOp.OPEN_FORCED, (from, body) -> forced());
    peers.serve(PeerOp.MEMORY_LOST, (from, body) -> lost());
    peers.serve(PeerOp.LEAVING, (from, body) -> leaves(from));
    thread.start();
    if (clusterSize == 1) {
      awaitOpening();
    }
  }

  private Vote vote(UUID from, byte[] body) {
    return seat.vote(from, Proposal.decode(body));
  }

  private Progress adopt(UUID from, byte[] body) {
    Progress progress = seat.adopt(from, Adoption.decode(body));
    // Nothing may be decided before the others have been asked whether they still go by it.
    wake();
    return progress;
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

  private byte[] lost() {
    seat.lose();
    wake();
    return new byte[0];
  }

  private byte[] leaves(UUID member) {
    seat.leaves(member);
    return new byte[0];
  }

  /**
   * Tells the other members that this one hands over what it has and leaves, so that they don't
   * take what it had for lost. Waits a moment for them to have heard it.
   */
  public void announceLeaving() {
    if (!hazelcast.getLifecycleService().isRunning()) {
      return;
    }
    var heard =
        peers.others().stream()
            .map(other -> peers.ask(other, PeerOp.LEAVING, new byte[0]))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(heard)
        .handle((unused, error) -> error == null)
        .completeOnTimeout(false, HEARD_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
        .join();
  }

  /** Whether no other member is there, but for those that leave as well. */
  public boolean isLast() {
    return seat.allLeave(peers.others());
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

  @Override
  public boolean isAlone() {
    Adoption now = seat.adopted();
    return now != null && now.seats().equals(ALONE) && current() != NONE;
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

  /** Looks whether something was lost, and since when there has been no epoch. */
  private void watch() {
    MemberList list = replicas.members();
    seat.look(list);
    seat.keepContact(list);
    if (seat.isLost() && !list.isLedHere()) {
      peers.ask(list.members().getFirst(), PeerOp.MEMORY_LOST, new byte[0]);
    }
    need();
    if (!seat.isOpen() || current() != NONE) {
      unsettledSince.set(0);
    } else {
      unsettledSince.compareAndSet(0, System.nanoTime());
    }
  }

  /** Keeps Hazelcast's own protection at what the quorum is now. */
  private void need() {
    int now = seat.isOpen() ? standing().needed() : 0;
    if (now != needed) {
      needed = now;
      splitBrain.need(now);
      replicas.recheckProtection();
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

  /** The table that was remembered can be a moment old; Hazelcast's own word comes later. */
  private void partitionLost(PartitionLostEvent event) {
    if (event.getLostBackupCount() >= BACKUPS) {
      lost();
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
