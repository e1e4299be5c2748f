package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Limits;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.StoredDefinition;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in one SQLite file in WAL mode with {@code synchronous=FULL}: a commit is on the
 * disk when it returns. The journal is a table keyed by arrival, from which checkpoints move
 * executions' events into their history (ADR 0017). Live executions are known in memory, where an
 * entry's position is checked; the file belongs to one process.
 */
public final class SqliteStateStore implements StateStore {
  /** Upkeep within a commit of entries; it delays their acknowledgement. */
  private static final long UPKEEP_IN_COMMIT_NANOS = Duration.ofMillis(1).toNanos();

  /** Upkeep in a commit of its own; an entry that comes meanwhile waits for it. */
  private static final long UPKEEP_NANOS = Duration.ofMillis(4).toNanos();

  private final InstantSource clock;
  private final SqliteDatabase database;
  private final WriteStatements sql;
  private final LiveIndex lives = new LiveIndex();
  private final Upkeep upkeep;
  private final ExecutionReads reads;
  private final Listing listing;
  private final ReentrantLock writeLock = new ReentrantLock();
  private final WalCheckpoints walCheckpoints;

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
      this.sql = new WriteStatements(database.writer());
    } catch (SQLException e) {
      database.close();
      throw new StoreException("can't use the database " + file + ": " + e.getMessage(), e);
    } catch (StoreException e) {
      database.close();
      throw e;
    }
    this.upkeep = new Upkeep(lives, sql);
    this.reads = new ExecutionReads(database, lives);
    this.listing = new Listing(lives);
    this.walCheckpoints = new WalCheckpoints(database, writeLock);
  }

  /** For tests that make the file run full without a disk of their own. */
  SqliteDatabase database() {
    return database;
  }

  @FunctionalInterface
  private interface Write {
    /** Runs within a transaction. What it returns is run after the commit. */
    Runnable run() throws SQLException;
  }

  private void write(String what, Write write) {
    writeLock.lock();
    try {
      Runnable afterwards = commit(write);
      afterwards.run();
      walCheckpoints.committed(sql.takeWrittenBytes());
    } catch (SQLException e) {
      throw new StoreException(
          "can't write " + what + " to " + database.file() + ": " + e.getMessage(), e);
    } finally {
      writeLock.unlock();
    }
  }

  private Runnable commit(Write write) throws SQLException {
    boolean committed = false;
    SQLException failure = null;
    try {
      sql.begin();
      Runnable afterwards = write.run();
      sql.commit();
      committed = true;
      return afterwards;
    } catch (SQLException e) {
      failure = e;
      throw e;
    } finally {
      if (!committed) {
        rollback(failure);
      }
    }
  }

  private void rollback(@Nullable SQLException failure) {
    try {
      sql.rollback();
    } catch (SQLException e) {
      // SQLite has rolled back by itself where the disk is full; then there is nothing to undo.
      if (failure != null) {
        failure.addSuppressed(e);
      }
    }
  }

  @Override
  public void append(List<JournalEntry> batch) {
    long nowMillis = clock.millis();
    write(
        "the journal",
        () -> {
          var appending = new Appending(lives, sql, nowMillis);
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
    writeLock.lock();
    try {
      if (upkeep.isDue(nowMillis)) {
        write(
            "checkpoints",
            () -> {
              Upkeep.Slice slice = upkeep.write(nowMillis, UPKEEP_NANOS, true);
              more[0] = slice.more();
              return () -> upkeep.apply(slice);
            });
      }
    } finally {
      writeLock.unlock();
    }
    return more[0];
  }

  @Override
  public Recovery recover(PlanResolver plans, Consumer<ExecutionEntry> live) {
    SqliteRecovery.Found found = new SqliteRecovery(database, plans, clock.millis()).run();
    writeLock.lock();
    try {
      keepQuarantined(found.quarantinedOrdinals());
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
      writeLock.unlock();
    }
    return new Recovery(found.live().size(), found.damaged());
  }

  /** Keeps the rows of what could not be restored from being trimmed, for a later start. */
  private void keepQuarantined(Set<Long> ordinals) {
    if (ordinals.isEmpty()) {
      return;
    }
    write(
        "the quarantine",
        () -> {
          try (PreparedStatement copy =
              database
                  .writer()
                  .prepareStatement(
                      "INSERT OR IGNORE INTO quarantine SELECT * FROM journal"
                          + " WHERE execution = ?")) {
            for (long ordinal : ordinals) {
              copy.setLong(1, ordinal);
              copy.executeUpdate();
            }
          }
          return () -> {};
        });
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
    write(
        "a definition",
        () -> {
          try (PreparedStatement insert =
              database
                  .writer()
                  .prepareStatement(
                      "INSERT OR IGNORE INTO definition VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, definition.tenant());
            insert.setString(2, definition.name());
            insert.setInt(3, definition.version());
            insert.setString(4, definition.digest());
            insert.setString(5, definition.mediaType());
            insert.setString(6, definition.source());
            insert.setLong(7, Times.nanos(definition.registeredAt()));
            insert.executeUpdate();
          }
          return () -> {};
        });
  }

  @Override
  public List<StoredDefinition> definitions() {
    return database.read("the definitions", SqliteStateStore::definitions);
  }

  private static List<StoredDefinition> definitions(Connection connection) throws SQLException {
    var definitions = new ArrayList<StoredDefinition>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT tenant, name, version, digest, media_type, source, registered_at"
                    + " FROM definition ORDER BY tenant, name, version");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        definitions.add(
            new StoredDefinition(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                Times.instant(row.getLong(7))));
      }
    }
    return List.copyOf(definitions);
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
      write(
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
    return database.read(
        "the epoch",
        connection -> {
          try (PreparedStatement query = connection.prepareStatement("SELECT promised FROM epoch");
              ResultSet row = query.executeQuery()) {
            return row.next() ? row.getLong(1) : 0L;
          }
        });
  }

  @Override
  public void promiseEpoch(long epoch) {
    write(
        "the epoch",
        () -> {
          try (PreparedStatement promise =
              database
                  .writer()
                  .prepareStatement(
                      "INSERT INTO epoch VALUES (1, ?) ON CONFLICT (only)"
                          + " DO UPDATE SET promised = max(promised, excluded.promised)")) {
            promise.setLong(1, epoch);
            promise.executeUpdate();
          }
          return () -> {};
        });
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
    walCheckpoints.close();
    writeLock.lock();
    try {
      sql.close();
      database.close();
    } catch (SQLException e) {
      throw new StoreException("can't close " + database.file() + ": " + e.getMessage(), e);
    } finally {
      writeLock.unlock();
    }
  }
}
