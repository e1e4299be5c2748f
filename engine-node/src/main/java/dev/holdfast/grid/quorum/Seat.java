package dev.holdfast.grid.quorum;

import dev.holdfast.grid.Epochs;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.quorum.Progress.Step;
import dev.holdfast.journal.StateStore;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This member's own part: what it has promised, which epoch it goes by, how far it is with what it
 * brings in. Thread-safe; {@link #current} takes no lock.
 */
final class Seat {
  private static final Logger LOG = LoggerFactory.getLogger(Seat.class);

  private static final long AWAIT_MILLIS = 100;

  private final Replicas replicas;
  private final StateStore store;
  private final int clusterSize;
  private final InstallingRun installing;
  private final OpeningListener listener;
  private final Contact contact;
  private final Losses losses;
  private volatile @Nullable Adoption adopted;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private volatile boolean lost;
  private @Nullable Proposal promised;
  private volatile long highest;

  Seat(
      Replicas replicas,
      StateStore store,
      int clusterSize,
      Installing installing,
      OpeningListener listener,
      Contact contact,
      Runnable wake) {
    this.replicas = replicas;
    this.store = store;
    this.clusterSize = clusterSize;
    this.installing = new InstallingRun(installing, wake);
    this.listener = listener;
    this.contact = contact;
    this.losses = new Losses(replicas);
    this.highest = store.promisedEpoch();
  }

  long current() {
    Adoption now = adopted;
    return now != null
            && now.phase() == Phase.OPEN
            && !lost
            && now.listVersion() == replicas.memberListVersion()
            && contact.isKept(now)
        ? now.epoch()
        : Epochs.NONE;
  }

  @Nullable Adoption adopted() {
    return adopted;
  }

  boolean isOpen() {
    Adoption now = adopted;
    return now != null && now.phase() == Phase.OPEN;
  }

  /** Completes when the cluster has opened for this member the first time. */
  CompletableFuture<Void> opened() {
    return opened.copy();
  }

  long highest() {
    return highest;
  }

  /** Answers a proposal; a promise is on the disk when this returns. */
  synchronized Vote vote(UUID from, Proposal proposal) {
    look(replicas.members());
    boolean yes = promise(from, proposal);
    Adoption now = adopted;
    Seats seats = now != null && now.phase() == Phase.OPEN ? now.seats() : Seats.NONE;
    return new Vote(yes, highest, clusterSize, seats, lost);
  }

  /** Notes whether members took the last copy of something with them, or else who has what. */
  synchronized void look(MemberList list) {
    Adoption now = adopted;
    if (now == null || now.phase() != Phase.OPEN || lost) {
      return;
    }
    if (losses.isAnyLost(list)) {
      lose();
    } else if (list.version() == now.listVersion()) {
      losses.remember(list);
    }
  }

  /** Asks the others whether they still go by the same epoch, where that is due. */
  void keepContact(MemberList list) {
    Adoption now = adopted;
    if (now != null) {
      contact.renew(list, now);
    }
  }

  /** The cluster's memory is incomplete: nothing is decided until it was put together again. */
  synchronized void lose() {
    if (isOpen() && !lost) {
      lost = true;
      LOG.warn(
          "Members that are gone had the only copies of some executions in memory; the cluster"
              + " opens again once these have been brought in from what is durable");
    }
  }

  /** Whether executions are missing in memory that the cluster has. */
  boolean isLost() {
    return lost;
  }

  /** That member hands over what it has before it leaves. */
  void leaves(UUID member) {
    losses.leaves(member);
  }

  /** Whether all of these have said that they leave. */
  boolean allLeave(Collection<UUID> members) {
    return losses.allLeave(members);
  }

  private boolean promise(UUID from, Proposal proposal) {
    if (!isMyMaster(from, proposal.listVersion())) {
      return false;
    }
    // A master repeats a proposal of which it did not hear; no two masters make the same one of
    // one list.
    if (proposal.equals(promised)) {
      return true;
    }
    if (proposal.epoch() <= highest) {
      return false;
    }
    keep(proposal.epoch());
    promised = proposal;
    return true;
  }

  private boolean isMyMaster(UUID from, int listVersion) {
    MemberList list = replicas.members();
    return list.version() == listVersion && list.isMaster(from);
  }

  private void keep(long epoch) {
    store.promiseEpoch(epoch);
    highest = epoch;
    promised = null;
  }

  /** Goes by what a quorum has promised, as far as this member can. */
  synchronized Progress adopt(UUID from, Adoption next) {
    if (next.epoch() < highest || !isMyMaster(from, next.listVersion()) || isOvertaken(next)) {
      return new Progress(Step.REFUSED, highest);
    }
    if (next.epoch() > highest) {
      keep(next.epoch());
    }
    if (next.phase() != Phase.OPEN) {
      close(false);
    }
    boolean wasOpen = isOpen();
    adopted = next;
    return new Progress(follow(next, wasOpen), highest);
  }

  /** Of one epoch the phases go on; what says otherwise was long on its way. */
  private boolean isOvertaken(Adoption next) {
    Adoption now = adopted;
    return now != null && now.epoch() == next.epoch() && now.phase().compareTo(next.phase()) > 0;
  }

  /** The cluster that this member was in is open no more, for this member at least. */
  private void close(boolean overtaken) {
    boolean wasOpen = isOpen();
    adopted = null;
    lost = false;
    losses.forget();
    if (wasOpen) {
      LOG.warn("The cluster is not open any more");
      listener.left(overtaken);
    }
  }

  private Step follow(Adoption now, boolean wasOpen) {
    return switch (now.phase()) {
      case WAITING -> {
        installing.stop();
        yield Step.DONE;
      }
      case INSTALLING -> installing.isDone(now.epoch()) ? Step.DONE : Step.WORKING;
      case OPEN -> {
        if (!wasOpen) {
          boolean installed = installing.finish();
          LOG.info("Open with epoch {}, member list {}", now.epoch(), now.listVersion());
          listener.opened(installed);
          opened.complete(null);
          notifyAll();
        }
        yield Step.DONE;
      }
    };
  }

  /**
   * Waits until the cluster is open.
   *
   * @throws IllegalStateException when what this member has can't be installed
   */
  synchronized void awaitOpening() throws InterruptedException {
    while (!isOpen()) {
      Throwable failure = installing.failure();
      if (failure != null) {
        throw new IllegalStateException("executions could not be installed", failure);
      }
      wait(AWAIT_MILLIS);
    }
  }

  /** This member is no longer in the cluster that it was in, another part of which goes on. */
  synchronized void leave() {
    close(true);
    promised = null;
    installing.stop();
  }
}
