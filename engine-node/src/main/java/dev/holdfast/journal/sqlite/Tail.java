package dev.holdfast.journal.sqlite;

import java.util.ArrayList;
import java.util.List;

/**
 * The durable events of one live execution that are not in its history yet, encoded; kept so that
 * checkpoints read nothing back. Guarded by its {@link Live}.
 */
final class Tail {
  private final long fromSeq;
  private final byte[] previousHash;
  private final long firstLsn;
  private final long sinceMillis;
  private final List<byte[]> payloads = new ArrayList<>(4);
  private int bytes;

  /**
   * @param firstLsn the journal row that holds the first of these events
   * @param sinceMillis when that was written
   */
  Tail(long fromSeq, byte[] previousHash, long firstLsn, long sinceMillis) {
    this.fromSeq = fromSeq;
    this.previousHash = previousHash;
    this.firstLsn = firstLsn;
    this.sinceMillis = sinceMillis;
  }

  long fromSeq() {
    return fromSeq;
  }

  byte[] previousHash() {
    return previousHash;
  }

  long firstLsn() {
    return firstLsn;
  }

  long sinceMillis() {
    return sinceMillis;
  }

  int bytes() {
    return bytes;
  }

  void add(byte[] payload) {
    payloads.add(payload);
    bytes += payload.length;
  }

  /** All of its events in one run. */
  byte[] joined(List<byte[]> more) {
    int length = bytes;
    for (byte[] payload : more) {
      length += payload.length;
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] payload : payloads) {
      System.arraycopy(payload, 0, joined, at, payload.length);
      at += payload.length;
    }
    for (byte[] payload : more) {
      System.arraycopy(payload, 0, joined, at, payload.length);
      at += payload.length;
    }
    return joined;
  }
}
