package dev.holdfast.grid.reach;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.MovedException;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.peer.PeerHandler;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.journal.StoreException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The members of the cluster as one member asks them, itself included. What blocks is for virtual
 * threads. Thread-safe.
 */
public final class Neighbours {
  /** A question is asked again for so long where nobody was there to answer it. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();

  /** An owner that is changing has changed after a few of these. */
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final Peers peers;
  private final Replicas replicas;

  public Neighbours(Peers peers, Replicas replicas) {
    this.peers = peers;
    this.replicas = replicas;
  }

  /** From now on this member answers such questions, asked by itself or others. */
  public void serve(PeerOp op, PeerHandler handler) {
    peers.serve(op, handler);
  }

  /** This member. */
  public UUID self() {
    return peers.self();
  }

  /** The other members, as this one sees the cluster now. */
  public List<UUID> others() {
    return peers.others();
  }

  /** Whether this member is the whole cluster. */
  public boolean isAlone() {
    return replicas.memberCount() == 1;
  }

  /** The partition that the execution is in. */
  public int partitionOf(ExecutionKey key) {
    return replicas.partitionOf(key.text());
  }

  /** Number of partitions; ids are 0 to one below. */
  public int partitionCount() {
    return replicas.count();
  }

  /** Whether this member owns the partition. */
  public boolean isOwned(int partition) {
    return replicas.isOwned(partition);
  }

  /** Whether this member owns the execution. */
  public boolean isOwned(ExecutionKey key) {
    return replicas.isOwned(partitionOf(key));
  }

  /**
   * For what only the execution's owner may answer.
   *
   * @throws MovedException when this member does not own it
   */
  public void requireOwned(ExecutionKey key) {
    if (!isOwned(key)) {
      throw new MovedException(key + " is not owned by this member");
    }
  }

  /** Who owns the partition; null: nobody at the moment. */
  public @Nullable UUID owner(int partition) {
    return replicas.owner(partition);
  }

  /** Asks one member once. The future completes on a thread that must not be blocked. */
  public CompletableFuture<byte[]> ask(UUID member, PeerOp op, byte[] body) {
    return peers.ask(member, op, body);
  }

  /** Asks the execution's owner once. The future completes on a thread that must not be blocked. */
  public CompletableFuture<byte[]> askOwner(ExecutionKey key, PeerOp op, byte[] body) {
    return peers.askOwner(key.text(), op, body);
  }

  /**
   * What the execution's owner says. Only for questions that do no harm when they are asked twice.
   *
   * @throws StoreException when it does not answer in time, or can't
   */
  public byte[] ofOwner(ExecutionKey key, PeerOp op, byte[] body) {
    return ofOwner(key, () -> askOwner(key, op, body));
  }

  /**
   * What the execution's owner says; where that is this member, without a question to anybody. Only
   * for questions that do no harm when they are asked twice.
   *
   * @param here answers as the owner, on a thread that may block
   * @param there reads another owner's answer
   * @throws StoreException when it does not answer in time, or can't
   */
  public <T> T ofOwner(
      ExecutionKey key, PeerOp op, byte[] body, Supplier<T> here, Function<byte[], T> there) {
    Supplier<T> said =
        ofOwner(
            key,
            () ->
                isOwned(key)
                    ? CompletableFuture.supplyAsync(here, Thread::startVirtualThread)
                        .thenApply(answer -> () -> answer)
                    : askOwner(key, op, body).thenApply(answer -> () -> there.apply(answer)));
    return said.get();
  }

  private static <T> T ofOwner(ExecutionKey key, Supplier<CompletableFuture<T>> question) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        return within(question.get(), deadline);
      } catch (ExecutionException e) {
        pauseOrGiveUp("the owner of " + key, e.getCause(), deadline);
      }
    }
  }

  /**
   * What every other member says, asked all at once.
   *
   * @throws StoreException when one of them does not answer in time, or can't
   */
  public Map<UUID, byte[]> ofOthers(PeerOp op, byte[] body) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    var asked = new LinkedHashMap<UUID, CompletableFuture<byte[]>>();
    others().forEach(member -> asked.put(member, peers.ask(member, op, body)));
    var answers = new LinkedHashMap<UUID, byte[]>();
    asked.forEach((member, answer) -> {
      try {
        answers.put(member, within(answer, deadline));
      } catch (ExecutionException e) {
        throw noAnswer("member " + member, e.getCause());
      }
    });
    return answers;
  }

  private static <T> T within(CompletableFuture<T> answer, long deadline)
      throws ExecutionException {
    try {
      return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new StoreException("another member does not answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("the node is shutting down", e);
    }
  }

  private static void pauseOrGiveUp(String who, @Nullable Throwable cause, long deadline) {
    if (cause instanceof StoreException || System.nanoTime() - deadline > 0) {
      throw noAnswer(who, cause);
    }
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  private static StoreException noAnswer(String who, @Nullable Throwable cause) {
    Throwable reason = unwrapped(cause);
    return new StoreException(
        who + " does not answer: " + (reason == null ? "" : reason.getMessage()), reason);
  }

  /** What went wrong, without what futures wrap around it. */
  public static @Nullable Throwable unwrapped(@Nullable Throwable error) {
    Throwable inner = error;
    while ((inner instanceof ExecutionException || inner instanceof CompletionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
