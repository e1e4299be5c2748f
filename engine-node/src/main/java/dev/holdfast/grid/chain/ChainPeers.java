package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Gap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other members about their chains, and waits for the answers. Every method throws {@link
 * UnansweredException} when the member does not answer.
 */
final class ChainPeers {
  private static final Logger LOG = LoggerFactory.getLogger(ChainPeers.class);

  /** Chains or heads of one question, at most. */
  static final int BATCH_MAX = 500;

  private static final long ANSWER_MILLIS = Duration.ofSeconds(15).toMillis();

  private final Peers peers;

  ChainPeers(Peers peers) {
    this.peers = peers;
  }

  /** The member left, hangs, or failed to answer. */
  static final class UnansweredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnansweredException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  UUID self() {
    return peers.self();
  }

  List<UUID> others() {
    return peers.others();
  }

  /** The heads of the live chains in the member's store. */
  void liveHeads(UUID member, BitSet partitions, Consumer<ChainHead> each)
      throws InterruptedException {
    var question = new ChainWire.HeadsQuestion(true, partitions);
    ChainWire.Heads part;
    do {
      byte[] answer = ask(member, PeerOp.CHAIN_HEADS, ChainWire.writeQuestion(question));
      part = ChainWire.readHeads(answer);
      part.heads().forEach(each);
      question = new ChainWire.HeadsQuestion(false, new BitSet());
    } while (part.more());
  }

  /** Where these chains end in the member's store; null where it has none. */
  List<@Nullable ChainHead> lookup(UUID member, List<ExecutionKey> keys)
      throws InterruptedException {
    var found = new ArrayList<@Nullable ChainHead>(keys.size());
    for (int from = 0; from < keys.size(); from += BATCH_MAX) {
      List<ExecutionKey> batch = keys.subList(from, Math.min(keys.size(), from + BATCH_MAX));
      found.addAll(
          ChainWire.readFound(ask(member, PeerOp.CHAIN_LOOKUP, ChainWire.writeKeys(batch))));
    }
    return found;
  }

  /** Takes chains as they come, some at a time. */
  @FunctionalInterface
  interface Sink {
    void accept(List<Chain> chains) throws InterruptedException;
  }

  /** These chains out of the member's store; what it does not have is passed over. */
  void fetch(UUID member, List<ExecutionKey> keys, Sink sink) throws InterruptedException {
    fetch(member, PeerOp.CHAIN_FETCH, keys, ChainWire::writeKeys, sink);
  }

  /** What fills these gaps, or a part of one, out of the member's store. */
  void beginnings(UUID member, List<Gap> gaps, Sink sink) throws InterruptedException {
    fetch(member, PeerOp.CHAIN_BEGINNINGS, gaps, ChainWire::writeGaps, sink);
  }

  private <T> void fetch(
      UUID member, PeerOp op, List<T> wanted, Function<List<T>, byte[]> writer, Sink sink)
      throws InterruptedException {
    int done = 0;
    while (done < wanted.size()) {
      List<T> batch = wanted.subList(done, Math.min(wanted.size(), done + BATCH_MAX));
      byte[] answer = ask(member, op, writer.apply(batch));
      List<@Nullable Chain> chains = ChainWire.readChains(answer);
      if (chains.isEmpty()) {
        throw new IllegalStateException(member + " answers with no chain at all");
      }
      var there = new ArrayList<Chain>(chains.size());
      for (Chain chain : chains) {
        if (chain != null) {
          there.add(chain);
        }
      }
      sink.accept(there);
      done += chains.size();
    }
  }

  /** What the member says of chains that this one has. */
  List<Verdict> offer(UUID member, List<ChainHead> heads) throws InterruptedException {
    byte[] question = ChainWire.writeHeads(new ChainWire.Heads(heads, false));
    return ChainWire.readVerdicts(ask(member, PeerOp.CHAIN_OFFER, question));
  }

  /** Gives the member chains that it wanted; what it says of them now. */
  List<Verdict> put(UUID member, List<Chain> chains) throws InterruptedException {
    byte[] question = ChainWire.writeChains(new ArrayList<@Nullable Chain>(chains));
    return ChainWire.readVerdicts(ask(member, PeerOp.CHAIN_PUT, question));
  }

  /** Tells the member something that it may as well miss. */
  void tell(UUID member, PeerOp op, byte[] body) {
    peers
        .ask(member, op, body)
        .whenComplete((answer, failure) -> {
          if (failure != null) {
            LOG.debug("{} was not told {}", member, op, failure);
          }
        });
  }

  private byte[] ask(UUID member, PeerOp op, byte[] body) throws InterruptedException {
    try {
      return peers.ask(member, op, body).get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new UnansweredException("member " + member + " did not answer " + op, e);
    }
  }
}
