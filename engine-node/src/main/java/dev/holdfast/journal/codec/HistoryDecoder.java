package dev.holdfast.journal.codec;

import dev.holdfast.core.Event;
import dev.holdfast.journal.HistoryItem;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Reads encoded events back, and computes the hashes that chain them: from the hash before the
 * first to {@link #hash()}, the head after all that has been read. Not thread-safe.
 */
public final class HistoryDecoder {
  private final MessageDigest sha256 = CborWriter.newSha256();
  private byte[] hash;

  /**
   * @param previousHash the chain's head before the first event
   */
  public HistoryDecoder(byte[] previousHash) {
    this.hash = previousHash.clone();
  }

  /** The chain's head. */
  public byte[] hash() {
    return hash;
  }

  /** Goes on from another head. */
  public void reset(byte[] previousHash) {
    this.hash = previousHash.clone();
  }

  /**
   * Reads the events of one or more entries.
   *
   * @throws CodecException when the bytes are damaged
   */
  public void read(byte[] payload, Consumer<HistoryItem> items) {
    read(payload, (item, from, to) -> items.accept(item));
  }

  /** Takes an event and the place of its bytes. */
  @FunctionalInterface
  interface Sink {
    void accept(HistoryItem item, int from, int to);
  }

  /** Like {@link #read(byte[], Consumer)}, saying where each event is. */
  void read(byte[] payload, Sink items) {
    CborReader.guarded(
        "events",
        () -> {
          var in = new CborReader(payload);
          int from = 0;
          while (in.beginArrayOrEnd()) {
            from = readOne(in, payload, from, items);
          }
          return payload;
        });
  }

  private int readOne(CborReader in, byte[] payload, int from, Sink items) {
    in.format(EventEncoder.FORMAT);
    int type = in.integer();
    long seq = in.number();
    Instant at = in.instant();
    long epoch = in.number();
    Event event = EventDecoder.read(in, type);
    in.endArray();
    int end = in.position();
    sha256.update(hash);
    sha256.update(payload, from, end - from);
    hash = sha256.digest();
    items.accept(new HistoryItem(seq, at, epoch, event, hash), from, end);
    return end;
  }
}
