package dev.holdfast.journal.postgres;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.ExecutionState;
import org.jspecify.annotations.Nullable;

/**
 * How far this member has written an execution, and what its upkeep needs to know. Used by the
 * journal's writer alone.
 */
final class Head {
  final long ordinal;
  private long seq;
  private byte[] hash = new byte[0];
  private ExecutionStatus status = ExecutionStatus.RUNNING;
  private long bytesSinceSnapshot;
  private int snapshotBytes;
  private @Nullable ExecutionState unsaved;
  private long unsavedSinceMillis;

  /** Without content until the first {@link #advance}. */
  Head(long ordinal) {
    this.ordinal = ordinal;
  }

  /** Of the last durable event. */
  long seq() {
    return seq;
  }

  byte[] hash() {
    return hash;
  }

  ExecutionStatus status() {
    return status;
  }

  void advance(ExecutionState after, byte[] head, long bytes, long nowMillis) {
    if (unsaved == null) {
      unsavedSinceMillis = nowMillis;
    }
    seq = after.seq();
    hash = head;
    status = after.status();
    unsaved = after;
    bytesSinceSnapshot += bytes;
  }

  /** The newest state, where there is no snapshot of it yet. */
  @Nullable ExecutionState unsaved() {
    return unsaved;
  }

  /** When the oldest event came that is in no snapshot. */
  long unsavedSinceMillis() {
    return unsavedSinceMillis;
  }

  /** Bytes of events since the newest snapshot that this member knows of. */
  long bytesSinceSnapshot() {
    return bytesSinceSnapshot;
  }

  /** Size of that snapshot; 0: it knows of none. */
  int snapshotBytes() {
    return snapshotBytes;
  }

  /** No snapshot for now; the next event asks again. */
  void postponed() {
    unsaved = null;
  }

  void snapshotTaken(int bytes) {
    unsaved = null;
    snapshotBytes = bytes;
    bytesSinceSnapshot = 0;
  }
}
