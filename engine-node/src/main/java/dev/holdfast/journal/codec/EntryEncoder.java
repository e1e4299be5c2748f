package dev.holdfast.journal.codec;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import java.time.Instant;
import java.util.List;

/** Makes journal entries out of decided events. Runs on partition threads. */
public final class EntryEncoder {
  /** Length of every hash of the chain. */
  public static final int HASH_BYTES = 32;

  private EntryEncoder() {}

  /** What the chain of an execution's hashes begins with. */
  public static byte[] genesis() {
    return new byte[HASH_BYTES];
  }

  /** The pending entry with what {@link #content} gives. */
  public static JournalEntry encode(
      ExecutionKey key,
      long fromSeq,
      long epoch,
      Instant at,
      List<Event> events,
      byte[] previousHash,
      ExecutionState after) {
    return JournalEntry.pending(content(key, fromSeq, epoch, at, events, previousHash, after));
  }

  /**
   * What an entry carries that holds these events.
   *
   * @param fromSeq number of the first of them
   * @param previousHash the chain's head before them; {@link #genesis()} for an execution's first
   * @param after the state they lead to
   * @throws IllegalArgumentException when there are no events, or a value is no JSON value
   */
  public static JournalEntry.Content content(
      ExecutionKey key,
      long fromSeq,
      long epoch,
      Instant at,
      List<Event> events,
      byte[] previousHash,
      ExecutionState after) {
    if (events.isEmpty()) {
      throw new IllegalArgumentException("an entry without events: " + key);
    }
    CborWriter out = CborWriter.ofThread();
    boolean done = false;
    try {
      byte[] hash = previousHash;
      long seq = fromSeq;
      for (Event event : events) {
        int from = out.length();
        EventEncoder.write(out, seq++, at, epoch, event);
        hash = out.chainedHash(hash, from);
      }
      byte[] payload = out.toBytes();
      done = true;
      return new JournalEntry.Content(
          key, fromSeq, epoch, at, events, payload, previousHash, hash, after);
    } finally {
      if (!done) {
        CborWriter.discard();
      }
    }
  }

  /** Events that were decided before, in the journal's encoding as it is now. */
  public static byte[] events(List<HistoryItem> items) {
    CborWriter out = CborWriter.ofThread();
    boolean done = false;
    try {
      for (HistoryItem item : items) {
        EventEncoder.write(out, item.seq(), item.at(), item.epoch(), item.event());
      }
      byte[] payload = out.toBytes();
      done = true;
      return payload;
    } finally {
      if (!done) {
        CborWriter.discard();
      }
    }
  }
}
