package dev.holdfast.journal.memory;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionHeader;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PageCursor;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.HistoryDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One execution and all of its events. Thread-safe. */
final class Kept {
  private final PageCursor position;
  private final List<byte[]> payloads = new ArrayList<>(4);
  private ExecutionState state;
  private byte[] hash;

  Kept(PageCursor position, JournalEntry.Content first) {
    this.position = position;
    this.state = first.after();
    this.hash = first.hash();
    payloads.add(first.payload());
  }

  /** Its place in the listing. */
  PageCursor position() {
    return position;
  }

  synchronized void add(JournalEntry.Content next) {
    state = next.after();
    hash = next.hash();
    payloads.add(next.payload());
  }

  synchronized ExecutionState state() {
    return state;
  }

  synchronized byte[] hash() {
    return hash;
  }

  synchronized long payloadBytes() {
    return payloads.stream().mapToLong(payload -> payload.length).sum();
  }

  ExecutionKey key() {
    return state().key();
  }

  List<HistoryItem> history(long afterSeq, int limit) {
    List<byte[]> here;
    synchronized (this) {
      here = List.copyOf(payloads);
    }
    var items = new ArrayList<HistoryItem>();
    var decoder = new HistoryDecoder(EntryEncoder.genesis());
    for (byte[] payload : here) {
      if (items.size() >= limit) {
        break;
      }
      decoder.read(
          payload,
          item -> {
            if (item.seq() > afterSeq && items.size() < limit) {
              items.add(item);
            }
          });
    }
    return List.copyOf(items);
  }

  boolean matches(ExecutionQuery query) {
    ExecutionState now = state();
    ExecutionHeader header = now.header();
    return header.key().tenant().equals(query.tenant())
        && (query.status() == null || query.status() == now.status())
        && (query.definition() == null || query.definition().equals(header.plan().name()))
        && (query.session() == null || Objects.equals(query.session(), header.session()))
        && header.attributes().entrySet().containsAll(query.attributes().entrySet())
        && (query.from() == null || !header.startedAt().isBefore(query.from()))
        && (query.to() == null || header.startedAt().isBefore(query.to()));
  }

  ExecutionRow row() {
    ExecutionState now = state();
    ExecutionHeader header = now.header();
    return new ExecutionRow(
        header.key(),
        header.plan().name(),
        header.plan().version(),
        now.status(),
        header.session(),
        header.attributes(),
        header.priority(),
        header.startedAt(),
        now.updatedAt(),
        now.endedAt(),
        now.endedAt() == null || now.error() == null
            ? null
            : now.error().type() + ": " + now.error().message());
  }
}
