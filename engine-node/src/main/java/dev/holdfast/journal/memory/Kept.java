package dev.holdfast.journal.memory;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionHeader;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Gap;
import dev.holdfast.journal.ChainStore.Run;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PageCursor;
import dev.holdfast.journal.codec.Beginnings;
import dev.holdfast.journal.codec.Beginnings.Piece;
import dev.holdfast.journal.codec.CheckedChain;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.HistoryDecoder;
import dev.holdfast.journal.codec.Sealed;
import dev.holdfast.journal.codec.SnapshotBody;
import dev.holdfast.journal.codec.StateCodec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One execution and its events, from the first or from its base on. Thread-safe. */
final class Kept {
  private final PageCursor position;
  private final List<byte[]> payloads = new ArrayList<>(4);
  private final List<Piece> formers = new ArrayList<>(0);
  private @Nullable Base base;
  private byte[] baseHash;
  private ExecutionState state;
  private byte[] hash;
  private long epoch;

  /** Begins with its first events, or with a state that was adopted. */
  Kept(PageCursor position, JournalEntry.Content first) {
    this.position = position;
    this.state = first.after();
    this.hash = first.hash();
    this.epoch = first.epoch();
    this.baseHash = first.previousHash();
    if (first.events().isEmpty()) {
      byte[] body = SnapshotBody.seal(hash, StateCodec.encode(state));
      base = new Base(state.seq(), epoch, body);
    } else {
      payloads.add(first.payload());
    }
  }

  /** Begins with what another store has. */
  Kept(PageCursor position, CheckedChain chain) {
    this.position = position;
    this.state = chain.state();
    this.hash = chain.hash();
    this.epoch = chain.epoch();
    this.base = chain.base();
    this.baseHash = base == null ? EntryEncoder.genesis() : SnapshotBody.hash(base.body());
    chain.parts().forEach(part -> payloads.add(part.payload()));
  }

  /** Takes the place of that one, which is kept as long as it may have what is missing here. */
  synchronized void follow(Kept before) {
    if (base != null) {
      formers.addAll(before.pieces());
    }
  }

  private synchronized List<Piece> pieces() {
    var pieces = new ArrayList<>(formers);
    Chain chain = chain();
    if (!chain.runs().isEmpty()) {
      pieces.add(new Piece(chain.base(), chain.runs()));
    }
    return pieces;
  }

  /** What leads to the gap's last event. */
  Optional<Chain> beginning(Gap gap) {
    return Beginnings.longest(gap, pieces());
  }

  /** What is missing before the base. */
  synchronized Optional<Gap> gap() {
    return base == null
        ? Optional.empty()
        : Optional.of(new Gap(state.key(), base.seq(), baseHash));
  }

  /** Adds what comes before the base. */
  synchronized void fill(CheckedChain chain) {
    Base ownBase = base;
    if (ownBase == null) {
      return;
    }
    base = chain.base();
    baseHash = base == null ? EntryEncoder.genesis() : SnapshotBody.hash(base.body());
    payloads.addAll(
        0,
        chain.parts().stream()
            .filter(part -> part.toSeq() <= ownBase.seq())
            .map(CheckedChain.Part::payload)
            .toList());
    if (base == null) {
      formers.clear();
    }
  }

  synchronized @Nullable Base base() {
    return base;
  }

  synchronized ChainHead head() {
    return new ChainHead(
        state.key(), state.seq(), epoch, hash, base == null, state.status().isEnded());
  }

  synchronized Chain chain() {
    var joined = new ByteArrayOutputStream();
    payloads.forEach(joined::writeBytes);
    List<Run> runs =
        joined.size() == 0
            ? List.of()
            : List.of(new Run(baseHash, Sealed.seal(joined.toByteArray())));
    return new Chain(head(), base, runs);
  }

  /** Whether it has these events. */
  boolean has(JournalEntry.Content content) {
    List<HistoryItem> there = history(content.after().seq() - 1, 1);
    return !there.isEmpty()
        && there.getFirst().seq() == content.after().seq()
        && Arrays.equals(there.getFirst().hash(), content.hash());
  }

  /** Its place in the listing. */
  PageCursor position() {
    return position;
  }

  synchronized void add(JournalEntry.Content next) {
    state = next.after();
    hash = next.hash();
    epoch = next.epoch();
    payloads.add(next.payload());
  }

  synchronized ExecutionState state() {
    return state;
  }

  synchronized byte[] hash() {
    return hash;
  }

  synchronized long payloadBytes() {
    return payloads.stream().mapToLong(payload -> payload.length).sum()
        + formers.stream()
            .flatMap(former -> former.runs().stream())
            .mapToLong(run -> run.payload().length)
            .sum();
  }

  ExecutionKey key() {
    return state().key();
  }

  List<HistoryItem> history(long afterSeq, int limit) {
    List<byte[]> here;
    byte[] begin;
    synchronized (this) {
      here = List.copyOf(payloads);
      begin = baseHash;
    }
    var items = new ArrayList<HistoryItem>();
    var decoder = new HistoryDecoder(begin);
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
        && !header.key().isInternal()
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
