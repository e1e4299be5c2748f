package dev.holdfast.journal;

import dev.holdfast.api.ExecutionKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store that one member has for itself: what it keeps of the executions that the member owns or
 * backs up is compared and exchanged with what other members' stores keep (DESIGN §4, §5; ADR
 * 0021). Called by any thread at any time.
 *
 * <p>An execution's <em>chain</em> is all of its events. Of two chains of one execution the better
 * one is that whose last event has the higher epoch, and with the same epoch the longer one, as
 * Raft compares logs.
 *
 * <p>An entry of the journal without events ({@link JournalEntry#adoption}) is an execution that
 * has come to this member as a state, its events being elsewhere: {@link #append} keeps a snapshot
 * of it, the chain's <em>base</em>, from which the execution goes on here, also where the store has
 * an older or another chain of it, which it replaces; nothing changes where the store's chain ends
 * right there. The events before follow by {@link #fill}; until then a history begins after the
 * base.
 *
 * <p>What the store had of an execution when a chain with a base took its place is kept as a
 * <em>former</em> chain, for its events may be on no other disk. It is never shown, and holds
 * against nothing; {@link #beginning} finds in it what leads to a base here or elsewhere. Former
 * chains go when the execution's chain is complete here, or when it goes itself.
 *
 * <p>An entry whose events are in the store already, to the byte, is taken without being written
 * again; one that neither is nor goes on from where the chain ends is fenced.
 */
public interface ChainStore extends StateStore {
  /**
   * Where a chain ends.
   *
   * @param seq of the last event, from 1
   * @param epoch of the last event, or a later one under which its owner had it like this when this
   *     store adopted it; 0: of before there were epochs
   * @param hash of the last event, 32 bytes
   * @param complete whether this store has every event from the first on
   * @param ended whether the execution has ended
   */
  record ChainHead(
      ExecutionKey key, long seq, long epoch, byte[] hash, boolean complete, boolean ended) {
    /**
     * Whether this chain holds against the other one of the same execution. Where both end with the
     * same event they are the same, whatever was adopted under which epoch.
     */
    public boolean isBetterThan(ChainHead other) {
      return !isSameAs(other) && (epoch != other.epoch ? epoch > other.epoch : seq > other.seq);
    }

    /** The same with another answer to whether all events are there. */
    public ChainHead complete(boolean all) {
      return new ChainHead(key, seq, epoch, hash, all, ended);
    }

    /** Whether both end with the same event. */
    public boolean isSameAs(ChainHead other) {
      return seq == other.seq && Arrays.equals(hash, other.hash);
    }
  }

  /**
   * What a chain begins with that is not complete.
   *
   * @param epoch of the last event before it
   * @param body hash and state, by {@code Sealed}
   */
  record Base(long seq, long epoch, byte[] body) {}

  /**
   * Events that follow on each other.
   *
   * @param previousHash the chain's head before the first of them
   * @param payload the events as the journal encodes them, by {@code Sealed}
   */
  record Run(byte[] previousHash, byte[] payload) {}

  /**
   * A chain on its way between stores.
   *
   * @param base null where the chain is complete
   * @param runs all events after the base, in order; runs may overlap
   */
  record Chain(ChainHead head, @Nullable Base base, List<Run> runs) {
    /** The same, its last event being confirmed under this epoch, unless under a later one. */
    public Chain underEpoch(long epoch) {
      return epoch <= head.epoch()
          ? this
          : new Chain(
              new ChainHead(
                  head.key(), head.seq(), epoch, head.hash(), head.complete(), head.ended()),
              base,
              runs);
    }
  }

  /**
   * A part of what is asked for.
   *
   * @param next where the next part begins; 0: this was the last
   */
  record HeadPage(List<ChainHead> heads, long next) {}

  /**
   * What is missing before a chain's base.
   *
   * @param seq of the last event that is missing, which is the base's
   * @param hash of that event, 32 bytes
   */
  record Gap(ExecutionKey key, long seq, byte[] hash) {}

  /**
   * What became of a chain that was to be taken over.
   *
   * @param live the execution as this store has it now, when it has not ended
   * @param damage why nothing was changed, though it should have been; null: all is well
   */
  record Merged(@Nullable ExecutionEntry live, @Nullable String damage) {}

  /**
   * The heads of all executions that have not ended, as far as they are durable, in no order. What
   * begins, ends or goes on while they are read may be left out or not.
   */
  Stream<ChainHead> liveHeads();

  /**
   * The heads of executions that have ended, purged ones left out.
   *
   * @param from 0 at first, then what the part before gave
   * @param limit how many at most
   */
  HeadPage endedHeads(long from, int limit);

  /** The head of one execution; empty when the store has none, or its chain is damaged. */
  Optional<ChainHead> head(ExecutionKey key);

  /**
   * The whole chain as far as this store has it.
   *
   * @throws StoreException when it can't be read
   */
  Optional<Chain> chain(ExecutionKey key);

  /**
   * The heads of chains that are not complete.
   *
   * @param from 0 at first, then what the part before gave
   * @param limit how many at most
   */
  HeadPage incompleteHeads(long from, int limit);

  /**
   * What is missing of an execution's chain.
   *
   * @return empty when the chain is complete, or the store has none
   * @throws StoreException when it can't be read
   */
  Optional<Gap> gap(ExecutionKey key);

  /**
   * The longest run of events in this store that ends with the last one of a gap, which may be
   * another store's: out of the execution's chain, or of a former one.
   *
   * @return a chain that ends there; empty when that event is not here
   * @throws StoreException when it can't be read
   */
  Optional<Chain> beginning(Gap gap);

  /** Whether there was such an execution that has been purged, and none is there now. */
  boolean isPurged(ExecutionKey key);

  /**
   * Takes over what another store has. Where this store's chain goes on from a base that the given
   * one leads to, what comes before the base is added and what comes after stays; else the better
   * chain of the two is kept, listing included, and what a chain with a base replaces is kept as a
   * former one. What has been purged here does not come back. Hashes are checked. Durable on
   * return.
   *
   * @param chains of different executions
   * @return what became of each
   * @throws StoreException when some can't be written; it may be tried again
   */
  List<Merged> merge(List<Chain> chains, PlanResolver plans);

  /**
   * Like {@link #merge}, but nothing is replaced: only what comes before a base is added, out of a
   * chain that leads to it.
   */
  List<Merged> fill(List<Chain> chains, PlanResolver plans);

  /**
   * Forgets these executions without a trace, former chains included, for other members have them
   * whole; one whose chain has gone on meanwhile stays. Durable on return.
   *
   * @return how many were dropped
   */
  int drop(Collection<ChainHead> heads);
}
