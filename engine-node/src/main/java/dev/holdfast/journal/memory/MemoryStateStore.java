package dev.holdfast.journal.memory;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Limits;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import dev.holdfast.journal.FencedException;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PageCursor;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.StoredDefinition;
import dev.holdfast.journal.Times;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.codec.CheckedChain;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.EntryEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in memory, and of ended executions only the newest; for tests, and for work
 * whose loss does no harm. Nothing is durable: an acknowledgement means that it was taken.
 */
public final class MemoryStateStore implements ChainStore {
  /** Ended executions that are kept unless told otherwise. */
  public static final int ENDED_MAX = 10_000;

  private static final Comparator<PageCursor> NEWEST_FIRST =
      Comparator.comparingLong(PageCursor::startedAtNanos)
          .thenComparingLong(PageCursor::ordinal)
          .reversed();

  private final int endedMax;
  private final ConcurrentHashMap<ExecutionKey, Kept> byKey = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<PageCursor, Kept> listing =
      new ConcurrentSkipListMap<>(NEWEST_FIRST);
  private final LinkedHashMap<ExecutionKey, Kept> ended = new LinkedHashMap<>();
  private final CopyOnWriteArrayList<StoredDefinition> definitions = new CopyOnWriteArrayList<>();
  private final AtomicLong payloadBytes = new AtomicLong();
  private final MemoryBlobs blobs = new MemoryBlobs();
  private long promisedEpoch;
  private long nextOrdinal = 1;

  /** Keeps the newest {@link #ENDED_MAX} ended executions. */
  public MemoryStateStore() {
    this(ENDED_MAX);
  }

  /**
   * @param endedMax how many ended executions are kept; the oldest ends are forgotten first
   */
  public MemoryStateStore(int endedMax) {
    this.endedMax = endedMax;
  }

  @Override
  public synchronized void append(List<JournalEntry> batch) {
    for (JournalEntry entry : batch) {
      JournalEntry.Content content = entry.content();
      if (!append(content)) {
        entry.fail(new FencedException(content.key(), content.fromSeq()));
      }
    }
  }

  /** False when the entry does not go on from where its execution stands. */
  private boolean append(JournalEntry.Content content) {
    Kept kept = byKey.get(content.key());
    long expectedSeq = kept == null ? 1 : kept.state().seq() + 1;
    byte[] head = kept == null ? EntryEncoder.genesis() : kept.hash();
    boolean goesOn =
        content.fromSeq() == expectedSeq && Arrays.equals(content.previousHash(), head);
    if (content.events().isEmpty()) {
      if (!goesOn) {
        keep(new Kept(position(content.after()), content));
      }
      return true;
    }
    if (!goesOn) {
      return kept != null && kept.has(content);
    }
    if (kept == null) {
      keep(new Kept(position(content.after()), content));
    } else {
      kept.add(content);
      payloadBytes.addAndGet(content.payload().length);
      note(kept);
    }
    return true;
  }

  private PageCursor position(ExecutionState state) {
    return new PageCursor(Times.nanos(state.header().startedAt()), nextOrdinal++);
  }

  /** In place of what there is of it. */
  private void keep(Kept kept) {
    Kept before = byKey.put(kept.key(), kept);
    if (before != null) {
      kept.follow(before);
      ended.remove(kept.key());
      listing.remove(before.position());
      payloadBytes.addAndGet(-before.payloadBytes());
    }
    listing.put(kept.position(), kept);
    payloadBytes.addAndGet(kept.payloadBytes());
    note(kept);
  }

  private void note(Kept kept) {
    if (kept.state().status().isEnded()) {
      ended.putLast(kept.key(), kept);
      if (ended.size() > endedMax) {
        forget(ended.firstEntry().getValue());
      }
    } else {
      ended.remove(kept.key());
    }
  }

  private void forget(Kept kept) {
    ended.remove(kept.key());
    byKey.remove(kept.key());
    listing.remove(kept.position());
    payloadBytes.addAndGet(-kept.payloadBytes());
  }

  @Override
  public Stream<ChainHead> liveHeads() {
    return byKey.values().stream().map(Kept::head).filter(head -> !head.ended());
  }

  /** There are no tombstones. */
  @Override
  public boolean isPurged(ExecutionKey key) {
    return false;
  }

  @Override
  public synchronized HeadPage endedHeads(long from, int limit) {
    return page(ended.values().stream(), from, limit);
  }

  @Override
  public synchronized HeadPage incompleteHeads(long from, int limit) {
    return page(byKey.values().stream().filter(kept -> kept.base() != null), from, limit);
  }

  private static HeadPage page(Stream<Kept> all, long from, int limit) {
    List<Kept> part =
        all.filter(kept -> kept.position().ordinal() > from)
            .sorted(Comparator.comparingLong(kept -> kept.position().ordinal()))
            .limit(limit)
            .toList();
    long next = part.size() < limit ? 0 : part.getLast().position().ordinal();
    return new HeadPage(part.stream().map(Kept::head).toList(), next);
  }

  @Override
  public Optional<ChainHead> head(ExecutionKey key) {
    return Optional.ofNullable(byKey.get(key)).map(Kept::head);
  }

  @Override
  public Optional<Chain> chain(ExecutionKey key) {
    return Optional.ofNullable(byKey.get(key)).map(Kept::chain);
  }

  @Override
  public Optional<Gap> gap(ExecutionKey key) {
    return Optional.ofNullable(byKey.get(key)).flatMap(Kept::gap);
  }

  @Override
  public Optional<Chain> beginning(Gap gap) {
    return Optional.ofNullable(byKey.get(gap.key())).flatMap(kept -> kept.beginning(gap));
  }

  @Override
  public synchronized List<Merged> merge(List<Chain> chains, PlanResolver plans) {
    return chains.stream().map(chain -> merge(chain, plans, true)).toList();
  }

  @Override
  public synchronized List<Merged> fill(List<Chain> chains, PlanResolver plans) {
    return chains.stream().map(chain -> merge(chain, plans, false)).toList();
  }

  private Merged merge(Chain chain, PlanResolver plans, boolean orReplace) {
    Kept own = byKey.get(chain.head().key());
    Base ownBase = own == null ? null : own.base();
    try {
      CheckedChain checked = CheckedChain.of(chain, plans, ownBase == null ? 0 : ownBase.seq());
      if (own != null && ownBase != null && checked.reachesBefore(ownBase)) {
        long bytes = own.payloadBytes();
        own.fill(checked);
        payloadBytes.addAndGet(own.payloadBytes() - bytes);
      } else if (orReplace && (own == null || checked.head().isBetterThan(own.head()))) {
        keep(new Kept(position(checked.state()), checked));
      }
    } catch (CodecException | StoreException e) {
      return new Merged(null, chain.head().key() + ": " + e.getMessage());
    }
    Kept now = byKey.get(chain.head().key());
    return new Merged(now == null || now.state().status().isEnded() ? null : entry(now), null);
  }

  @Override
  public synchronized int drop(Collection<ChainHead> heads) {
    int dropped = 0;
    for (ChainHead head : heads) {
      Kept kept = byKey.get(head.key());
      if (kept != null && kept.head().isSameAs(head)) {
        forget(kept);
        dropped++;
      }
    }
    return dropped;
  }

  /** There is nothing to do. */
  @Override
  public boolean maintain(Instant now) {
    return false;
  }

  /** Hands over what this very instance was given before. */
  @Override
  public Recovery recover(PlanResolver plans, Consumer<ExecutionEntry> live) {
    int count = 0;
    for (Kept kept : byKey.values()) {
      if (!kept.state().status().isEnded()) {
        live.accept(entry(kept));
        count++;
      }
    }
    return new Recovery(count, List.of());
  }

  @Override
  public Optional<ExecutionState> load(ExecutionKey key, PlanResolver plans) {
    return Optional.ofNullable(byKey.get(key)).map(Kept::state);
  }

  @Override
  public Optional<ExecutionEntry> loadEntry(ExecutionKey key, PlanResolver plans) {
    return Optional.ofNullable(byKey.get(key)).map(MemoryStateStore::entry);
  }

  private static ExecutionEntry entry(Kept kept) {
    synchronized (kept) {
      return new ExecutionEntry(kept.state(), kept.hash(), JournalEntry.durable());
    }
  }

  @Override
  public List<HistoryItem> history(ExecutionKey key, long afterSeq, int limit) {
    Kept kept = byKey.get(key);
    return kept == null ? List.of() : kept.history(afterSeq, limit);
  }

  /** None are taken. */
  @Override
  public Optional<CheckpointInfo> latestCheckpoint(ExecutionKey key) {
    return Optional.empty();
  }

  @Override
  public ExecutionPage list(ExecutionQuery query) {
    if (query.limit() < 1 || query.limit() > Limits.PAGE_MAX) {
      throw new IllegalArgumentException(
          "limit must be 1 to " + Limits.PAGE_MAX + ", but is " + query.limit());
    }
    PageCursor cursor = PageCursor.parse(query.cursor());
    var from = cursor == null ? listing : listing.tailMap(cursor, false);
    var items = new ArrayList<ExecutionRow>();
    PageCursor last = null;
    for (Kept kept : from.values()) {
      if (kept.matches(query)) {
        if (items.size() == query.limit() && last != null) {
          return new ExecutionPage(List.copyOf(items), last.text());
        }
        items.add(kept.row());
        last = kept.position();
      }
    }
    return new ExecutionPage(List.copyOf(items), null);
  }

  @Override
  public synchronized void putDefinition(StoredDefinition definition) {
    boolean known =
        definitions.stream()
            .anyMatch(one ->
                one.tenant().equals(definition.tenant())
                    && one.name().equals(definition.name())
                    && one.version() == definition.version());
    if (!known) {
      definitions.add(definition);
    }
  }

  @Override
  public List<StoredDefinition> definitions() {
    return definitions.stream()
        .sorted(
            Comparator.comparing(StoredDefinition::tenant)
                .thenComparing(StoredDefinition::name)
                .thenComparingInt(StoredDefinition::version))
        .toList();
  }

  /** Leaves no tombstones: there is nothing that could be checked against them. */
  @Override
  public synchronized int purge(@Nullable String tenant, Instant endedBefore, boolean dryRun) {
    List<Kept> old =
        ended.values().stream()
            .filter(kept -> tenant == null || tenant.equals(kept.key().tenant()))
            .filter(kept -> isBefore(kept.state().endedAt(), endedBefore))
            .toList();
    if (!dryRun) {
      old.forEach(this::forget);
    }
    return (int) old.stream().filter(kept -> !kept.key().isInternal()).count();
  }

  private static boolean isBefore(@Nullable Instant endedAt, Instant limit) {
    return endedAt != null && endedAt.isBefore(limit);
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public synchronized long promisedEpoch() {
    return promisedEpoch;
  }

  @Override
  public synchronized void promiseEpoch(long epoch) {
    promisedEpoch = Math.max(promisedEpoch, epoch);
  }

  @Override
  public long checkpointCount() {
    return 0;
  }

  /** Bytes of the encoded events. */
  @Override
  public long sizeBytes() {
    return payloadBytes.get();
  }

  @Override
  public String kind() {
    return "memory";
  }

  @Override
  public void close() {}
}
