package dev.holdfast.journal.sqlite;

import dev.holdfast.core.ExecutionState;
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
  private @Nullable Tail tail;
  private long snapshotSeq;
  private long snapshotAtMillis;
  private int snapshotBytes;
  private int bytesSinceSnapshot;
  private boolean inBatch;
  private boolean queuedAsLarge;

  Live(long ordinal, ExecutionState state, byte[] hash) {
    this.ordinal = ordinal;
    this.state = state;
    this.hash = hash;
  }

  /** A run of encoded events with what their hashes go on from. */
  record Run(long fromSeq, byte[] previousHash, byte[] payload) {}

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

  synchronized void advance(ExecutionState newState, byte[] newHash) {
    state = newState;
    hash = newHash;
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
