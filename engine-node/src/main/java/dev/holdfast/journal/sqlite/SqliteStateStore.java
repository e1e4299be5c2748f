package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Limits;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.StoredDefinition;
import dev.holdfast.journal.blob.BlobStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in one SQLite file in WAL mode with {@code synchronous=FULL}: a commit is on the
 * disk when it returns. The journal is a table keyed by arrival, from which checkpoints move
 * executions' events into their history (ADR 0017). Live executions are known in memory, where an
 * entry's position is checked; the file belongs to one process.
 */
public final class SqliteStateStore implements ChainStore {
  /** Upkeep within a commit of entries; it delays their acknowledgement. */
  private static final long UPKEEP_IN_COMMIT_NANOS = Duration.ofMillis(1).toNanos();

  /** Upkeep in a commit of its own; an entry that comes meanwhile waits for it. */
  private static final long UPKEEP_NANOS = Duration.ofMillis(4).toNanos();

  private final InstantSource clock;
  private final SqliteDatabase database;
  private final SqliteWriter writer;
  private final LiveIndex lives = new LiveIndex();
  private final Upkeep upkeep;
  private final ExecutionReads reads;
  private final Listing listing;
  private final SmallTables tables;
  private final SqliteChains chains;
  private final Merging merging;
  private final SqliteBlobs blobs;

  /**
   * Opens the store, and makes it where there is none.
   *
   * @param file the database; its folder exists
   * @throws StoreException when it can't be opened, or is of a newer version
   */
  public SqliteStateStore(Path file, InstantSource clock) {
    this.clock = clock;
    this.database = new SqliteDatabase(file);
    try {
      SqliteSchema.migrate(database);
      this.writer = new SqliteWriter(database);
    } catch (SQLException e) {
      database.close();
      throw new StoreException("can't use the database " + file + ": " + e.getMessage(), e);
    } catch (StoreException e) {
      database.close();
      throw e;
    }
    this.upkeep = new Upkeep(lives, writer.sql());
    this.reads = new ExecutionReads(database, lives);
    this.listing = new Listing(lives);
    this.tables = new SmallTables(database, writer);
    this.chains = new SqliteChains(database, lives);
    this.merging = new Merging(database, writer, lives, clock);
    this.blobs = new SqliteBlobs(database, writer);
  }

  /** For tests that make the file run full without a disk of their own. */
  SqliteDatabase database() {
    return database;
  }

  @Override
  public void append(List<JournalEntry> batch) {
    long nowMillis = clock.millis();
    writer.write(
        "the journal",
        () -> {
          var appending = new Appending(lives, writer.sql(), nowMillis);
          boolean written = false;
          try {
            appending.write(batch);
            Upkeep.Slice slice = upkeep.write(nowMillis, UPKEEP_IN_COMMIT_NANOS, false);
            written = true;
            return () -> {
              upkeep.apply(slice);
              appending.apply();
            };
          } finally {
            if (!written) {
              appending.release();
            }
          }
        });
  }

  @Override
  public boolean maintain(Instant now) {
    long nowMillis = now.toEpochMilli();
    boolean[] more = {false};
    writer.lock().lock();
    try {
      if (upkeep.isDue(nowMillis)) {
        writer.write(
            "checkpoints",
            () -> {
              Upkeep.Slice slice = upkeep.write(nowMillis, UPKEEP_NANOS, true);
              more[0] = slice.more();
              return () -> upkeep.apply(slice);
            });
      }
    } finally {
      writer.lock().unlock();
    }
    return more[0];
  }

  @Override
  public Recovery recover(PlanResolver plans, Consumer<ExecutionEntry> live) {
    SqliteRecovery.Found found = new SqliteRecovery(database, plans, clock.millis()).run();
    writer.lock().lock();
    try {
      tables.quarantine(found.quarantinedOrdinals());
      lives.advance(found.nextLsn(), found.nextOrdinal());
      lives.trimmedBelowLsn(found.firstLsn());
      reads.quarantine(found.quarantined());
      var dirty = new ArrayList<Live>();
      for (Live one : found.live()) {
        lives.put(one);
        if (one.tail() != null) {
          dirty.add(one);
        }
        live.accept(new ExecutionEntry(one.state(), one.hash(), JournalEntry.durable()));
      }
      dirty.sort(Comparator.comparingLong(Live::firstLsn));
      lives.dirty().addAll(dirty);
    } finally {
      writer.lock().unlock();
    }
    return new Recovery(found.live().size(), found.damaged());
  }

  @Override
  public Optional<ExecutionState> load(ExecutionKey key, PlanResolver plans) {
    return reads.load(key, plans).map(ExecutionEntry::state);
  }

  @Override
  public Optional<ExecutionEntry> loadEntry(ExecutionKey key, PlanResolver plans) {
    return reads.load(key, plans);
  }

  @Override
  public Optional<ExecutionEntry> readBack(ExecutionKey key, PlanResolver plans) {
    Live live = lives.find(key);
    return live == null
        ? reads.load(key, plans)
        : Optional.of(new ReadingBack(key, live, plans).run(database));
  }

  @Override
  public List<HistoryItem> history(ExecutionKey key, long afterSeq, int limit) {
    return reads.history(key, afterSeq, limit);
  }

  @Override
  public Optional<CheckpointInfo> latestCheckpoint(ExecutionKey key) {
    return reads.latestCheckpoint(key);
  }

  @Override
  public ExecutionPage list(ExecutionQuery query) {
    if (query.limit() < 1 || query.limit() > Limits.PAGE_MAX) {
      throw new IllegalArgumentException(
          "limit must be 1 to " + Limits.PAGE_MAX + ", but is " + query.limit());
    }
    return database.read("the listing", connection -> listing.page(connection, query));
  }

  @Override
  public void putDefinition(StoredDefinition definition) {
    tables.putDefinition(definition);
  }

  @Override
  public List<StoredDefinition> definitions() {
    return tables.definitions();
  }

  @Override
  public Stream<ChainHead> liveHeads() {
    return chains.liveHeads();
  }

  @Override
  public HeadPage endedHeads(long from, int limit) {
    return chains.endedHeads(from, limit);
  }

  @Override
  public Optional<ChainHead> head(ExecutionKey key) {
    return chains.head(key);
  }

  @Override
  public Optional<Chain> chain(ExecutionKey key) {
    return chains.chain(key);
  }

  @Override
  public List<Merged> merge(List<Chain> chains, PlanResolver plans) {
    return merging.merge(chains, plans, true);
  }

  @Override
  public HeadPage incompleteHeads(long from, int limit) {
    return chains.incompleteHeads(from, limit);
  }

  @Override
  public List<Merged> fill(List<Chain> chains, PlanResolver plans) {
    return merging.merge(chains, plans, false);
  }

  @Override
  public Optional<Gap> gap(ExecutionKey key) {
    return chains.gap(key);
  }

  @Override
  public Optional<Chain> beginning(Gap gap) {
    return chains.beginning(gap);
  }

  @Override
  public boolean isPurged(ExecutionKey key) {
    return chains.isPurged(key);
  }

  @Override
  public int drop(Collection<ChainHead> heads) {
    return merging.drop(heads);
  }

  @Override
  public int purge(@Nullable String tenant, Instant endedBefore, boolean dryRun) {
    var purging = new Purging(tenant, endedBefore);
    if (dryRun) {
      return database.read("what is old", purging::count);
    }
    int removed = 0;
    long last = 0;
    while (true) {
      long after = last;
      List<Long> ordinals =
          database.read("what is old", connection -> purging.next(connection, after));
      if (ordinals.isEmpty()) {
        return removed;
      }
      int[] count = {0};
      writer.write(
          "tombstones",
          () -> {
            count[0] = purging.remove(database.writer(), ordinals, clock.instant());
            return () -> {};
          });
      removed += count[0];
      last = ordinals.getLast();
    }
  }

  @Override
  public long promisedEpoch() {
    return tables.promisedEpoch();
  }

  @Override
  public void promiseEpoch(long epoch) {
    tables.promiseEpoch(epoch);
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public long checkpointCount() {
    return upkeep.checkpointCount();
  }

  @Override
  public long sizeBytes() {
    return database.sizeBytes();
  }

  @Override
  public String kind() {
    return "sqlite";
  }

  /** Nothing is lost by closing late or not at all; what was appended is on the disk. */
  @Override
  public void close() {
    writer.close();
  }
}
