package dev.holdfast.grid.quorum;

import dev.holdfast.grid.Epochs;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.quorum.Progress.Step;
import dev.holdfast.journal.StateStore;
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
  private volatile @Nullable Adoption adopted;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private volatile CompletableFuture<Void> nextAdoption = new CompletableFuture<>();
  private @Nullable Proposal promised;
  private volatile long highest;

  Seat(
      Replicas replicas,
      StateStore store,
      int clusterSize,
      Installing installing,
      OpeningListener listener,
      Runnable wake) {
    this.replicas = replicas;
    this.store = store;
    this.clusterSize = clusterSize;
    this.installing = new InstallingRun(installing, wake);
    this.listener = listener;
    this.highest = store.promisedEpoch();
  }

  long current() {
    Adoption now = adopted;
    return now != null
            && now.phase() == Phase.OPEN
            && now.listVersion() == replicas.memberListVersion()
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

  /** Completes when the master says the next time what holds. */
  CompletableFuture<Void> nextAdoption() {
    return nextAdoption;
  }

  long highest() {
    return highest;
  }

  /** Answers a proposal; a promise is on the disk when this returns. */
  synchronized Vote vote(UUID from, Proposal proposal) {
    boolean yes = promise(from, proposal);
    Adoption now = adopted;
    return new Vote(yes, highest, clusterSize, now != null && isOpen() ? now.seats() : Seats.NONE);
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
    if (next.epoch() < highest
        || !isMyMaster(from, next.listVersion())
        || (isOpen() && next.phase() != Phase.OPEN)) {
      return new Progress(Step.REFUSED, highest);
    }
    if (next.epoch() > highest) {
      keep(next.epoch());
    }
    boolean wasOpen = isOpen();
    adopted = next;
    Progress progress = new Progress(follow(next, wasOpen), highest);
    CompletableFuture<Void> heard = nextAdoption;
    nextAdoption = new CompletableFuture<>();
    heard.completeAsync(() -> null);
    return progress;
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

  /** This member is no longer in the cluster that it was in. */
  synchronized void leave() {
    boolean wasOpen = isOpen();
    adopted = null;
    promised = null;
    installing.stop();
    if (wasOpen) {
      listener.left();
    }
  }
}
