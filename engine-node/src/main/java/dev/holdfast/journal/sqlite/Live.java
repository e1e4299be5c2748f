package dev.holdfast.journal.sqlite;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ChainStore.ChainHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store keeps in memory of an execution that has not ended. Changed by whoever holds the
 * store's write lock, after the commit; read by any thread. The state and the hash are the very
 * objects that the grid's map holds, so that an idle execution costs little here.
 */
final class Live {
  private final long ordinal;
  private volatile ExecutionState state;
  private byte[] hash;
  private long epoch;
  private long baseSeq;
  private @Nullable Tail tail;
  private long snapshotSeq;
  private long snapshotAtMillis;
  private int snapshotBytes;
  private int bytesSinceSnapshot;
  private boolean inBatch;
  private boolean queuedAsLarge;

  /**
   * @param epoch of the last event
   * @param baseSeq where the chain begins here; 0: with its first event
   */
  Live(long ordinal, ExecutionState state, byte[] hash, long epoch, long baseSeq) {
    this.ordinal = ordinal;
    this.state = state;
    this.hash = hash;
    this.epoch = epoch;
    this.baseSeq = baseSeq;
  }

  /** A run of encoded events with what their hashes go on from. */
  record Run(long fromSeq, byte[] previousHash, byte[] payload) {}

  /** A chain's end as it was at one moment. */
  record HeadAndRun(ChainHead head, long baseSeq, @Nullable Run run) {}

  /** The newest snapshot. */
  record SnapshotMark(long seq, long atMillis) {}

  long ordinal() {
    return ordinal;
  }

  /** The newest durable state. */
  ExecutionState state() {
    return state;
  }

  /** The chain's head at {@link #state}. */
  synchronized byte[] hash() {
    return hash;
  }

  /** The epoch of the last event. */
  synchronized long epoch() {
    return epoch;
  }

  /** Where the chain begins here; 0: with its first event. */
  synchronized long baseSeq() {
    return baseSeq;
  }

  /** The events before the base are here now. */
  synchronized void baseSeq(long seq) {
    baseSeq = seq;
  }

  synchronized ChainHead head() {
    boolean ended = state.status().isEnded();
    return new ChainHead(state.key(), state.seq(), epoch, hash, baseSeq == 0, ended);
  }

  /** The head with the events up to it that are in no chunk yet. */
  synchronized HeadAndRun headAndRun() {
    return new HeadAndRun(head(), baseSeq, run());
  }

  @Nullable Tail tail() {
    return tail;
  }

  /** The first journal row of its tail; the highest number without one. */
  long firstLsn() {
    Tail here = tail;
    return here == null ? Long.MAX_VALUE : here.firstLsn();
  }

  /** The events that are in no chunk yet, for other threads; null when there are none. */
  synchronized @Nullable Run run() {
    Tail here = tail;
    return here == null
        ? null
        : new Run(here.fromSeq(), here.previousHash(), here.joined(List.of()));
  }

  synchronized @Nullable SnapshotMark snapshotMark() {
    return snapshotSeq == 0 ? null : new SnapshotMark(snapshotSeq, snapshotAtMillis);
  }

  boolean hasSnapshot() {
    return snapshotSeq > 0;
  }

  /** Encoded size of the newest snapshot; 0: there is none. */
  int snapshotBytes() {
    return snapshotBytes;
  }

  int bytesSinceSnapshot() {
    return bytesSinceSnapshot;
  }

  synchronized void advance(ExecutionState newState, byte[] newHash, long newEpoch) {
    state = newState;
    hash = newHash;
    epoch = newEpoch;
  }

  synchronized void begin(Tail newTail) {
    tail = newTail;
  }

  synchronized void add(byte[] payload) {
    Tail here = tail;
    if (here == null) {
      throw new IllegalStateException("no tail to add to: " + state.key());
    }
    here.add(payload);
    bytesSinceSnapshot += payload.length;
  }

  /** Its events are in a chunk now. */
  synchronized void archived() {
    tail = null;
  }

  synchronized void snapshotTaken(long seq, long atMillis, int bytes) {
    snapshotSeq = seq;
    snapshotAtMillis = atMillis;
    snapshotBytes = bytes;
    bytesSinceSnapshot = 0;
  }

  synchronized void sinceSnapshot(int bytes) {
    bytesSinceSnapshot = bytes;
  }

  boolean inBatch() {
    return inBatch;
  }

  void inBatch(boolean value) {
    inBatch = value;
  }

  boolean queuedAsLarge() {
    return queuedAsLarge;
  }

  void queuedAsLarge(boolean value) {
    queuedAsLarge = value;
  }
}
