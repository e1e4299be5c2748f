package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.Epochs;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Gap;
import dev.holdfast.journal.ChainStore.Merged;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoreException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers other members' questions about chains. What a live execution is, its owner's memory says:
 * no chain from elsewhere is put in its place.
 */
final class ChainAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(ChainAnswers.class);
  private static final int HEADS_MAX = 2000;
  private static final long FETCH_BYTES_MAX = 1 << 20;

  private final ChainStore store;
  private final Replicas replicas;
  private final Epochs epochs;
  private final LiveMemory memory;
  private final PlanResolver plans;
  private final ChainStats stats;
  private final Runnable orphanCame;
  private final Map<UUID, Reading> readings = new ConcurrentHashMap<>();

  /**
   * @param orphanCame told that this member has got a live chain of an execution that it owns and
   *     does not have in memory
   */
  ChainAnswers(
      ChainStore store,
      Replicas replicas,
      Epochs epochs,
      LiveMemory memory,
      PlanResolver plans,
      ChainStats stats,
      Runnable orphanCame) {
    this.orphanCame = orphanCame;
    this.store = store;
    this.replicas = replicas;
    this.epochs = epochs;
    this.memory = memory;
    this.plans = plans;
    this.stats = stats;
  }

  void serve(Peers peers) {
    peers.serve(PeerOp.CHAIN_HEADS, this::heads);
    peers.serve(PeerOp.CHAIN_LOOKUP, (from, body) -> lookup(ChainWire.readKeys(body)));
    peers.serve(
        PeerOp.CHAIN_FETCH,
        (from, body) -> fetch(ChainWire.readKeys(body), key -> key, store::chain));
    peers.serve(
        PeerOp.CHAIN_BEGINNINGS,
        (from, body) -> fetch(ChainWire.readGaps(body), Gap::key, store::beginning));
    peers.serve(
        PeerOp.CHAIN_OFFER,
        (from, body) -> ChainWire.writeVerdicts(judge(from, ChainWire.readHeads(body).heads())));
    peers.serve(PeerOp.CHAIN_PUT, (from, body) -> put(from, ChainWire.readChains(body)));
  }

  /** How far a member has read the heads. */
  private record Reading(BitSet partitions, Iterator<ChainHead> heads) {}

  private byte[] heads(UUID from, byte[] body) {
    ChainWire.HeadsQuestion question = ChainWire.readQuestion(body);
    if (question.anew()) {
      readings.put(from, new Reading(question.partitions(), store.liveHeads().iterator()));
    }
    Reading reading = readings.get(from);
    if (reading == null) {
      throw new IllegalStateException("nothing to go on with");
    }
    var heads = new ArrayList<ChainHead>();
    synchronized (reading) {
      while (heads.size() < HEADS_MAX && reading.heads().hasNext()) {
        ChainHead head = reading.heads().next();
        if (reading.partitions().get(replicas.partitionOf(head.key().text()))) {
          heads.add(head);
        }
      }
    }
    boolean more = heads.size() == HEADS_MAX;
    if (!more) {
      readings.remove(from);
    }
    return ChainWire.writeHeads(new ChainWire.Heads(heads, more));
  }

  private byte[] lookup(List<ExecutionKey> keys) {
    var heads = new ArrayList<@Nullable ChainHead>(keys.size());
    keys.forEach(key -> heads.add(store.head(key).orElse(null)));
    return ChainWire.writeFound(heads);
  }

  /** Answers for as many as fit, one at least. */
  private <T> byte[] fetch(
      List<T> wanted, Function<T, ExecutionKey> keyOf, Function<T, Optional<Chain>> reader) {
    var chains = new ArrayList<@Nullable Chain>();
    long bytes = 0;
    for (T one : wanted) {
      if (bytes >= FETCH_BYTES_MAX) {
        break;
      }
      Chain chain = chainOrNull(one, keyOf, reader);
      chains.add(chain);
      bytes += ChainWire.sizeOf(chain);
    }
    return ChainWire.writeChains(chains);
  }

  private static <T> @Nullable Chain chainOrNull(
      T wanted, Function<T, ExecutionKey> keyOf, Function<T, Optional<Chain>> reader) {
    try {
      return reader.apply(wanted).orElse(null);
    } catch (StoreException e) {
      LOG.warn("The chain of {} can't be given to another member", keyOf.apply(wanted), e);
      return null;
    }
  }

  private List<Verdict> judge(UUID from, List<ChainHead> heads) {
    if (epochs.current() == Epochs.NONE) {
      return heads.stream().map(head -> Verdict.LATER).toList();
    }
    // Memory is asked before the store: what leaves memory is in the store by then.
    var inMemory = new HashMap<ExecutionKey, CompletableFuture<Boolean>>();
    for (ChainHead head : heads) {
      if (replicas.isOwned(partition(head.key())) && isWanting(head)) {
        inMemory.put(head.key(), memory.has(head.key()));
      }
    }
    var verdicts = new ArrayList<Verdict>(heads.size());
    for (ChainHead head : heads) {
      verdicts.add(judge(from, head, inMemory.get(head.key())));
    }
    return verdicts;
  }

  private int partition(ExecutionKey key) {
    return replicas.partitionOf(key.text());
  }

  private boolean isWanting(ChainHead head) {
    return store.head(head.key()).map(head::isBetterThan).orElse(true);
  }

  private Verdict judge(UUID from, ChainHead head, @Nullable CompletableFuture<Boolean> inMemory) {
    int partition = partition(head.key());
    boolean owned = replicas.isOwned(partition);
    if (!owned && !replicas.isBackedUpHere(partition)) {
      return Verdict.LATER;
    }
    // Unknown counts as yes: nothing is put over what may be there.
    boolean remembered = inMemory != null && LiveMemory.said(inMemory, true);
    Optional<ChainHead> own = store.head(head.key());
    if (own.isPresent() && !head.isBetterThan(own.get())) {
      return own.get().complete() ? Verdict.HAS : lacking(from, partition);
    }
    boolean fromOwner = from.equals(replicas.owner(partition));
    Verdict inTheOrdinaryWay = lacking(from, partition);
    boolean fromKeeper = inTheOrdinaryWay == Verdict.GETS;
    if (owned) {
      // Without an answer from memory the store had it a moment ago.
      return remembered || inMemory == null ? inTheOrdinaryWay : Verdict.WANTS;
    }
    if (head.ended()) {
      boolean liveHere = own.map(one -> !one.ended()).orElse(false);
      return fromOwner || !liveHere ? Verdict.WANTS : inTheOrdinaryWay;
    }
    // What was purged is not taken back: being offered, it will be found to be that.
    boolean purged = !fromKeeper && own.isEmpty() && store.isPurged(head.key());
    return purged ? Verdict.WANTS : inTheOrdinaryWay;
  }

  /**
   * Of a chain that this member is about to have whole: its beginning it fetches by itself, and its
   * end comes with the transitions. The partition's other keeper need not wait for that.
   */
  private Verdict lacking(UUID from, int partition) {
    boolean fromKeeper =
        from.equals(replicas.owner(partition)) || from.equals(replicas.backup(partition));
    return fromKeeper ? Verdict.GETS : Verdict.LATER;
  }

  private byte[] put(UUID from, List<@Nullable Chain> sent) {
    var chains = new ArrayList<Chain>();
    sent.forEach(chain -> {
      if (chain != null) {
        chains.add(chain);
      }
    });
    var verdicts = new ArrayList<>(judge(from, chains.stream().map(Chain::head).toList()));
    var wanted = new ArrayList<Integer>();
    for (int i = 0; i < verdicts.size(); i++) {
      if (verdicts.get(i) == Verdict.WANTS) {
        wanted.add(i);
      }
    }
    List<Merged> merged = store.merge(wanted.stream().map(chains::get).toList(), plans);
    for (int i = 0; i < merged.size(); i++) {
      int at = wanted.get(i);
      verdicts.set(at, kept(chains.get(at).head(), merged.get(i)));
    }
    return ChainWire.writeVerdicts(verdicts);
  }

  private Verdict kept(ChainHead head, Merged merged) {
    if (merged.damage() != null) {
      LOG.warn("A chain that another member has is of no use: {}", merged.damage());
      return Verdict.LATER;
    }
    stats.fetched(1);
    if (merged.live() != null && !head.ended()) {
      orphanCame.run();
    }
    Optional<ChainHead> own = store.head(head.key());
    if (own.isEmpty()) {
      return store.isPurged(head.key()) ? Verdict.HAS : Verdict.LATER;
    }
    return own.get().complete() && !head.isBetterThan(own.get()) ? Verdict.HAS : Verdict.LATER;
  }
}
