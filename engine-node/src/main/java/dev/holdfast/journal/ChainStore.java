package dev.holdfast.journal;

import dev.holdfast.api.ExecutionKey;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A store that one member has for itself: what it keeps of the executions that the member owns or
 * backs up is compared and exchanged with what other members' stores keep (DESIGN §4, §5). Called
 * by any thread at any time.
 *
 * <p>An execution's <em>chain</em> is all of its events. Of two chains of one execution the better
 * one is that whose last event has the higher epoch, and with the same epoch the longer one, as
 * Raft compares logs.
 *
 * <p>An entry of the journal without events ({@link JournalEntry#adoption}) is an execution that
 * has come to this member as a state, its events being elsewhere: {@link #append} keeps a snapshot
 * of it, from which the execution goes on here, also where the store has an older or another chain
 * of it, which it replaces. The events before follow by {@link #replace}.
 */
public interface ChainStore extends StateStore {
  /**
   * Where a chain ends.
   *
   * @param seq of the last event, from 1
   * @param epoch of the last event
   * @param hash of the last event, 32 bytes
   * @param complete whether this store has every event from the first on
   * @param ended whether the execution has ended
   */
  record ChainHead(
      ExecutionKey key, long seq, long epoch, byte[] hash, boolean complete, boolean ended) {
    /** Whether this chain holds against the other one of the same execution. */
    public boolean isBetterThan(ChainHead other) {
      return epoch != other.epoch ? epoch > other.epoch : seq > other.seq;
    }
  }

  /**
   * A chain from its first event on.
   *
   * @param payload all events as the journal encodes them, in order, by {@code Sealed}
   */
  record Chain(ChainHead head, byte[] payload) {}

  /** The head of every execution in the store, purged ones left out, as far as it is durable. */
  void heads(Consumer<ChainHead> each);

  /** The head of one execution. */
  Optional<ChainHead> head(ExecutionKey key);

  /** The whole chain; empty when the store has none, or not from its first event on. */
  Optional<Chain> chain(ExecutionKey key);

  /**
   * Keeps this chain instead of whatever the store has of its execution, listing included; durable
   * on return. Where the store already goes on from the chain's head, as after an adoption, it adds
   * what is missing before and keeps what comes after. Hashes are checked.
   *
   * @return the execution, when it has not ended
   * @throws StoreException when the chain does not hold, or can't be written; nothing changed then
   */
  Optional<ExecutionEntry> replace(Chain chain, PlanResolver plans);

  /** Forgets these executions without a trace; other members have them. Durable on return. */
  void drop(Collection<ExecutionKey> keys);
}
