package dev.holdfast.grid.reach.records;

import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.HistoryDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Events on their way between members. Their hashes travel with them: those of the chain are over
 * the bytes as they were once written, which may be of an older format than these.
 *
 * @param events as the journal encodes them
 * @param hashes 32 bytes for each event
 */
record HistoryPage(byte[] events, byte[] hashes) {
  static HistoryPage of(List<HistoryItem> items) {
    byte[] hashes = new byte[items.size() * EntryEncoder.HASH_BYTES];
    int at = 0;
    for (HistoryItem item : items) {
      System.arraycopy(item.hash(), 0, hashes, at, EntryEncoder.HASH_BYTES);
      at += EntryEncoder.HASH_BYTES;
    }
    return new HistoryPage(EntryEncoder.events(items), hashes);
  }

  List<HistoryItem> items() {
    var items = new ArrayList<HistoryItem>();
    new HistoryDecoder(EntryEncoder.genesis())
        .read(
            events,
            item -> {
              int from = items.size() * EntryEncoder.HASH_BYTES;
              byte[] hash = Arrays.copyOfRange(hashes, from, from + EntryEncoder.HASH_BYTES);
              items.add(new HistoryItem(item.seq(), item.at(), item.epoch(), item.event(), hash));
            });
    return List.copyOf(items);
  }
}
