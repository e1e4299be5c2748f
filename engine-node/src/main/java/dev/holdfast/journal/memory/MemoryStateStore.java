package dev.holdfast.journal.memory;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Limits;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import dev.holdfast.journal.FencedException;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PageCursor;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StoredDefinition;
import dev.holdfast.journal.codec.EntryEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in memory, and of ended executions only the newest; for tests, and for work
 * whose loss does no harm. Nothing is durable: an acknowledgement means that it was taken.
 */
public final class MemoryStateStore implements StateStore {
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
    if (content.fromSeq() != expectedSeq || !Arrays.equals(content.previousHash(), head)) {
      return false;
    }
    if (kept == null) {
      var position =
          new PageCursor(PageCursor.nanos(content.after().header().startedAt()), nextOrdinal++);
      kept = new Kept(position, content);
      byKey.put(content.key(), kept);
      listing.put(position, kept);
    } else {
      kept.add(content);
    }
    payloadBytes.addAndGet(content.payload().length);
    if (content.after().status().isEnded()) {
      ended.putLast(content.key(), kept);
      if (ended.size() > endedMax) {
        forget(ended.firstEntry().getValue());
      }
    } else {
      ended.remove(content.key());
    }
    return true;
  }

  private void forget(Kept kept) {
    ended.remove(kept.key());
    byKey.remove(kept.key());
    listing.remove(kept.position());
    payloadBytes.addAndGet(-kept.payloadBytes());
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
    return old.size();
  }

  private static boolean isBefore(@Nullable Instant endedAt, Instant limit) {
    return endedAt != null && endedAt.isBefore(limit);
  }

  /** Bytes of the encoded events. */
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
