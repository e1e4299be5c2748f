package dev.holdfast.journal.postgres;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Limits;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StoredDefinition;
import dev.holdfast.journal.blob.BlobStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in one PostgreSQL database that all members share (ADR 0022). A batch is one
 * call of a function in the database, so one round trip; the journal's key, (execution, seq), is
 * the fence between members. What this member remembers of what it wrote only saves questions.
 */
public final class PostgresStateStore implements SharedStore {
  /** How old the size may be that is told. */
  private static final long SIZE_AGE_MILLIS_MAX = Duration.ofSeconds(30).toMillis();

  private final InstantSource clock;
  private final PostgresConnections connections;
  private final Writer writer;
  private final PostgresBlobs blobs;
  private volatile long sizeBytes;
  private long sizeAtMillis;

  /**
   * Opens the store: waits for the database, and makes or migrates the schema.
   *
   * @throws dev.holdfast.journal.StoreException when the database can't be reached in time, or used
   */
  public PostgresStateStore(PostgresSettings settings, InstantSource clock) {
    this.clock = clock;
    this.connections = new PostgresConnections(settings);
    this.writer = new Writer(connections);
    this.blobs = new PostgresBlobs(connections, clock);
    boolean opened = false;
    try {
      PostgresSchema.migrate(connections);
      measure(clock.millis());
      opened = true;
    } finally {
      if (!opened) {
        connections.close();
      }
    }
  }

  @Override
  public void append(List<JournalEntry> batch) {
    writer.append(batch, clock.millis());
  }

  @Override
  public boolean maintain(Instant now) {
    if (now.toEpochMilli() - sizeAtMillis >= SIZE_AGE_MILLIS_MAX) {
      measure(now.toEpochMilli());
    }
    return writer.takeSnapshots(now.toEpochMilli());
  }

  private void measure(long nowMillis) {
    sizeAtMillis = nowMillis;
    sizeBytes = readLong("the size", "SELECT pg_database_size(current_database())");
  }

  private long readLong(String what, String sql) {
    return connections.read(
        what,
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(sql);
              ResultSet row = query.executeQuery()) {
            return row.next() ? row.getLong(1) : 0L;
          }
        });
  }

  @Override
  public Recovery recover(PlanResolver plans, Consumer<ExecutionEntry> live) {
    return recover(plans, key -> true, live);
  }

  @Override
  public Recovery recover(
      PlanResolver plans, Predicate<ExecutionKey> wanted, Consumer<ExecutionEntry> live) {
    return new PostgresRecovery(connections, plans, wanted, live).run();
  }

  @Override
  public Map<ExecutionKey, Long> heads(Collection<ExecutionKey> keys) {
    return connections.read(
        "the heads of executions",
        connection -> {
          var seqs = new HashMap<ExecutionKey, Long>();
          DurableHead.read(connection, keys).forEach((key, head) -> seqs.put(key, head.seq()));
          return seqs;
        });
  }

  @Override
  public Optional<ExecutionState> load(ExecutionKey key, PlanResolver plans) {
    return loadEntry(key, plans).map(ExecutionEntry::state);
  }

  @Override
  public Optional<ExecutionEntry> loadEntry(ExecutionKey key, PlanResolver plans) {
    return connections.read(key.text(), connection -> ExecutionReads.load(connection, key, plans));
  }

  @Override
  public List<HistoryItem> history(ExecutionKey key, long afterSeq, int limit) {
    return connections.read(
        key.text(), connection -> ExecutionReads.history(connection, key, afterSeq, limit));
  }

  @Override
  public Optional<CheckpointInfo> latestCheckpoint(ExecutionKey key) {
    return connections.read(
        key.text(), connection -> ExecutionReads.latestCheckpoint(connection, key));
  }

  @Override
  public ExecutionPage list(ExecutionQuery query) {
    if (query.limit() < 1 || query.limit() > Limits.PAGE_MAX) {
      throw new IllegalArgumentException(
          "limit must be 1 to " + Limits.PAGE_MAX + ", but is " + query.limit());
    }
    return connections.read("the listing", connection -> Listing.page(connection, query));
  }

  @Override
  public void putDefinition(StoredDefinition definition) {
    connections.write("a definition", connection -> DefinitionRows.put(connection, definition));
  }

  @Override
  public List<StoredDefinition> definitions() {
    return connections.read("the definitions", DefinitionRows::all);
  }

  @Override
  public int purge(@Nullable String tenant, Instant endedBefore, boolean dryRun) {
    var purging = new Purging(tenant, endedBefore);
    if (dryRun) {
      return connections.read("what is old", purging::count);
    }
    int removed = 0;
    while (true) {
      Purging.Removed some =
          connections.read(
              "what is old", connection -> purging.removeSome(connection, clock.instant()));
      if (some.count() == 0) {
        return removed;
      }
      removed += some.ofUsers();
    }
  }

  /** Of all members: the row is shared, so it is at least what this one has promised. */
  @Override
  public long promisedEpoch() {
    return readLong("the epoch", "SELECT promised FROM epoch");
  }

  @Override
  public void promiseEpoch(long epoch) {
    connections.write(
        "the epoch",
        connection -> {
          try (PreparedStatement promise =
              connection.prepareStatement(
                  "INSERT INTO epoch VALUES (true, ?) ON CONFLICT (single)"
                      + " DO UPDATE SET promised = greatest(epoch.promised, excluded.promised)")) {
            promise.setLong(1, epoch);
            return promise.executeUpdate();
          }
        });
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public long checkpointCount() {
    return writer.snapshotCount();
  }

  /** Of the whole database, as of half a minute ago. */
  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public String kind() {
    return "postgres";
  }

  @Override
  public void close() {
    try {
      writer.close();
    } finally {
      connections.close();
    }
  }
}
