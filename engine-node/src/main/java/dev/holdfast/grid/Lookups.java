package dev.holdfast.grid;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.codec.StateCodec;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks an execution up with its owner, wherever that is. While ownership moves it is asked again.
 * Blocks; thread-safe.
 */
final class Lookups {
  private final MemberServices member;
  private final Replicas replicas;
  private final Peers peers;
  private final OwnerThread owner;
  private final Archive store;
  private final PlanResolver plans;
  private final Duration timeout;

  /**
   * @param timeout after which nobody could say
   */
  Lookups(
      MemberServices member,
      Replicas replicas,
      Peers peers,
      OwnerThread owner,
      Archive store,
      PlanResolver plans,
      Duration timeout) {
    this.member = member;
    this.replicas = replicas;
    this.peers = peers;
    this.owner = owner;
    this.store = store;
    this.plans = plans;
    this.timeout = timeout;
  }

  /** Answers what other members ask from now on. */
  void serve() {
    peers.serve(PeerOp.FIND, (from, body) -> found(ExecutionKey.parse(new String(body, UTF_8))));
  }

  private byte[] found(ExecutionKey key) {
    return stateHere(key).map(StateCodec::encode).orElseGet(() -> new byte[0]);
  }

  /**
   * The execution as it is now, durably; empty: there is none.
   *
   * @throws StoreException when nobody can say at the moment
   */
  Optional<ExecutionState> find(ExecutionKey key) {
    long begun = System.nanoTime();
    while (true) {
      try {
        return replicas.isOwned(key) ? stateHere(key) : stateThere(key);
      } catch (RuntimeException e) {
        Throwable cause = Resubmission.unwrap(e);
        boolean late = System.nanoTime() - begun > timeout.toNanos();
        boolean passing = Resubmission.isPassing(cause);
        if (late && passing) {
          throw new StoreException("nobody can say at the moment how " + key + " is", cause);
        } else if (!passing) {
          throw e;
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(Resubmission.AGAIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnsettledException("the member is shutting down");
    }
  }

  private Optional<ExecutionState> stateThere(ExecutionKey key) {
    byte[] state = await(peers.askOwner(key.text(), PeerOp.FIND, key.text().getBytes(UTF_8)));
    return state.length == 0 ? Optional.empty() : Optional.of(StateCodec.decode(state, plans));
  }

  private Optional<ExecutionState> stateHere(ExecutionKey key) {
    return here(key).map(ExecutionEntry::state);
  }

  /**
   * The execution, which this member owns, as it is now, durably; empty: there is none.
   *
   * @throws RuntimeException which {@link Resubmission#isPassing passes}, when that can't be said
   *     at the moment
   */
  Optional<ExecutionEntry> here(ExecutionKey key) {
    if (!replicas.isOwned(key)) {
      throw new MovedException(key + " is not owned by this member");
    }
    long epoch = member.epochs().current();
    Optional<ExecutionEntry> entry = lookedUp(key);
    if (epoch == Epochs.NONE || epoch != member.epochs().current()) {
      throw new UnsettledException("how " + key + " is is for the quorum to say");
    }
    return entry;
  }

  private Optional<ExecutionEntry> lookedUp(ExecutionKey key) {
    ExecutionEntry entry = await(owner.inspect(key));
    if (entry != null && !member.replication().isSettled(entry.last())) {
      entry = await(owner.affirm(key, Affirmation.Urgency.WHERE_DUE));
    }
    if (entry == null) {
      return store.loadEntry(key, plans);
    }
    if (!entry.last().isDurable()) {
      await(entry.last().whenDurable().copy());
    }
    return Optional.of(entry);
  }

  /**
   * Waits for the answer, as long as a command may take.
   *
   * @throws UnsettledException when it has not come by then, or the thread was interrupted
   * @throws RuntimeException with which it was completed
   */
  <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw Resubmission.unwrap(e) instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new UnsettledException("the outcome was not known in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnsettledException("the member is shutting down");
    }
  }
}
