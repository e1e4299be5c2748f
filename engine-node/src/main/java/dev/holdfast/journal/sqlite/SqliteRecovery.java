package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.codec.CodecException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds every live execution after a start: the snapshots in the order of starts, then the journal
 * in the order of arrival, both read once from end to end, and decoded on all processors. One that
 * can't be put together again is named and left out; the others go on.
 */
final class SqliteRecovery {
  /** Snapshots decoded as one piece of work. */
  private static final int SLICE = 256;

  /** Slices that wait for a processor, at most. */
  private static final int SLICES_WAITING_MAX = 16;

  /** Ordinals closer to each other than this are read in one range. */
  private static final long RANGE_GAP = 16;

  private final SqliteDatabase database;
  private final PlanResolver plans;
  private final long nowMillis;
  private final List<String> damaged = Collections.synchronizedList(new ArrayList<>());
  private final Map<ExecutionKey, String> quarantined = new ConcurrentHashMap<>();
  private final Long2ObjectHashMap<Restoring.Snapshot> snapshots = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<Base> bases = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<List<Restoring.Row>> rows = new Long2ObjectHashMap<>();
  private final List<Live> found = Collections.synchronizedList(new ArrayList<>());
  private final Set<Long> quarantinedOrdinals = ConcurrentHashMap.newKeySet();
  private long firstLsn;
  private long lastLsn;
  private long lastOrdinal;

  SqliteRecovery(SqliteDatabase database, PlanResolver plans, long nowMillis) {
    this.database = database;
    this.plans = plans;
    this.nowMillis = nowMillis;
  }

  /**
   * @param live in no order
   * @param damaged a sentence for each thing found damaged
   * @param firstLsn the journal's oldest row
   * @param quarantined executions that are live and could not be restored, and why
   */
  record Found(
      List<Live> live,
      List<String> damaged,
      Map<ExecutionKey, String> quarantined,
      Set<Long> quarantinedOrdinals,
      long firstLsn,
      long nextLsn,
      long nextOrdinal) {}

  private record RawSnapshot(long ordinal, long seq, long epoch, long atMillis, byte[] body) {}

  private record Start(long ordinal, ExecutionKey key, boolean live) {}

  Found run() {
    return database.read("what is live", this::run);
  }

  private Found run(Connection connection) throws SQLException {
    readBases(connection);
    readSnapshots(connection);
    readRows(connection);
    restoreAll(connection);
    findLost(connection);
    lastOrdinal = Math.max(lastOrdinal, highest(connection, "SELECT max(ordinal) FROM execution"));
    lastOrdinal =
        Math.max(lastOrdinal, highest(connection, "SELECT max(execution) FROM tombstone"));
    lastOrdinal = Math.max(lastOrdinal, highest(connection, "SELECT max(execution) FROM former"));
    return new Found(
        List.copyOf(found),
        List.copyOf(damaged),
        Map.copyOf(quarantined),
        Set.copyOf(quarantinedOrdinals),
        firstLsn == 0 ? lastLsn + 1 : firstLsn,
        lastLsn + 1,
        lastOrdinal + 1);
  }

  /** Those of ended executions too, which nothing is done with. */
  private void readBases(Connection connection) throws SQLException {
    new TableScan(connection, "base", "execution", "execution, seq, epoch, body", damaged)
        .run(row ->
            bases.put(
                row.getLong(1), new Base(row.getLong(2), row.getLong(3), TableScan.bytes(row, 4))));
  }

  private void readSnapshots(Connection connection) throws SQLException {
    try (var work = new ParallelWork()) {
      var slice = new AtomicReference<>(new ArrayList<RawSnapshot>(SLICE));
      new TableScan(
              connection, "snapshot", "execution", "execution, seq, epoch, taken_at, body", damaged)
          .run(row -> {
            slice
                .get()
                .add(
                    new RawSnapshot(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        TableScan.bytes(row, 5)));
            if (slice.get().size() == SLICE) {
              List<RawSnapshot> full = slice.getAndSet(new ArrayList<>(SLICE));
              work.submit(() -> decode(full));
            }
          });
      decode(slice.get());
    }
  }

  private void decode(List<RawSnapshot> slice) {
    var decoded = new ArrayList<Restoring.Snapshot>(slice.size());
    for (RawSnapshot raw : slice) {
      decoded.add(decodeOrNull(raw));
    }
    synchronized (snapshots) {
      for (int i = 0; i < slice.size(); i++) {
        Restoring.Snapshot snapshot = decoded.get(i);
        if (snapshot != null) {
          snapshots.put(slice.get(i).ordinal(), snapshot);
        }
      }
    }
  }

  private Restoring.@Nullable Snapshot decodeOrNull(RawSnapshot raw) {
    try {
      return Restoring.snapshot(raw.body(), raw.seq(), raw.epoch(), raw.atMillis(), plans);
    } catch (CodecException | StoreException e) {
      damaged.add(
          "snapshot of execution number "
              + raw.ordinal()
              + " at seq "
              + raw.seq()
              + ": "
              + e.getMessage()
              + "; its history is used instead");
      return null;
    }
  }

  private void readRows(Connection connection) throws SQLException {
    String columns = "lsn, execution, from_seq, payload, hash";
    new TableScan(connection, "quarantine", "lsn", columns, damaged).run(this::keep);
    new TableScan(connection, "journal", "lsn", columns, damaged)
        .run(row -> {
          noteGap(row.getLong(1));
          lastLsn = row.getLong(1);
          firstLsn = firstLsn == 0 ? lastLsn : firstLsn;
          keep(row);
        });
  }

  private void keep(ResultSet row) throws SQLException {
    long ordinal = row.getLong(2);
    long fromSeq = row.getLong(3);
    // A dropped execution's rows are there until they are trimmed: its number is not to be reused.
    lastOrdinal = Math.max(lastOrdinal, ordinal);
    Restoring.Snapshot snapshot = snapshots.get(ordinal);
    if (snapshot == null || fromSeq > snapshot.state().seq()) {
      rows.computeIfAbsent(ordinal, o -> new ArrayList<>(4))
          .add(
              new Restoring.Row(
                  row.getLong(1), fromSeq, TableScan.bytes(row, 4), TableScan.bytes(row, 5)));
    }
  }

  /** Rows are numbered without gaps: where one is missing, acknowledged events are lost. */
  private void noteGap(long lsn) {
    if (lastLsn > 0 && lsn != lastLsn + 1) {
      damaged.add(
          "journal rows "
              + (lastLsn + 1)
              + " to "
              + (lsn - 1)
              + " are missing: executions whose newest events they had go on from before those");
    }
  }

  private void restoreAll(Connection connection) throws SQLException {
    try (var work = new ParallelWork()) {
      snapshots.forEach((ordinal, snapshot) -> {
        List<Restoring.Row> after = rows.remove(ordinal.longValue());
        ExecutionKey key = snapshot.state().key();
        if (after == null) {
          restore(ordinal, key, snapshot, List.of());
        } else {
          work.submit(() -> restore(ordinal, key, snapshot, after));
        }
      });
      for (Start start : starts(connection)) {
        List<Restoring.Row> all = rows.get(start.ordinal());
        if (start.live() && (all != null || isBaseAlone(start.ordinal()))) {
          List<Restoring.Row> after = all == null ? List.of() : all;
          work.submit(() -> restore(start.ordinal(), start.key(), null, after));
        }
      }
    }
  }

  private void restore(
      long ordinal,
      ExecutionKey key,
      Restoring.@Nullable Snapshot snapshot,
      List<Restoring.Row> after) {
    try {
      found.add(
          new Restoring(database, plans, ordinal, nowMillis)
              .restore(key, snapshot, bases.get(ordinal), after));
    } catch (CodecException | StoreException e) {
      damaged.add("execution " + key + ": " + e.getMessage() + "; it is left out");
      quarantined.put(key, String.valueOf(e.getMessage()));
      quarantinedOrdinals.add(ordinal);
    }
  }

  private boolean isBaseAlone(long ordinal) {
    return bases.containsKey(ordinal) && !snapshots.containsKey(ordinal);
  }

  /** The listing's rows of the executions that have journal rows or a base but no snapshot. */
  private List<Start> starts(Connection connection) throws SQLException {
    long[] ordinals =
        LongStream.concat(
                rows.keySet().stream().mapToLong(Long::longValue),
                bases.keySet().stream().mapToLong(Long::longValue).filter(this::isBaseAlone))
            .distinct()
            .sorted()
            .toArray();
    var starts = new ArrayList<Start>(ordinals.length);
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT ordinal, tenant, id, ended_at IS NULL FROM execution"
                + " WHERE ordinal BETWEEN ? AND ?")) {
      for (int first = 0; first < ordinals.length; ) {
        int last = first;
        while (last + 1 < ordinals.length && ordinals[last + 1] - ordinals[last] <= RANGE_GAP) {
          last++;
        }
        query.setLong(1, ordinals[first]);
        query.setLong(2, ordinals[last]);
        readStarts(query, starts);
        first = last + 1;
      }
    }
    return starts;
  }

  private void readStarts(PreparedStatement query, List<Start> starts) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        try {
          var key = new ExecutionKey(row.getString(2), row.getString(3));
          starts.add(new Start(row.getLong(1), key, row.getBoolean(4)));
        } catch (IllegalArgumentException | NullPointerException e) {
          damaged.add(
              "execution number " + row.getLong(1) + " has lost its name: " + e.getMessage());
        }
      }
    }
  }

  /** Live executions by the listing of which nothing has been seen: only their history is left. */
  private void findLost(Connection connection) throws SQLException {
    String live = " FROM execution INDEXED BY execution_status WHERE status < 4 AND status <> 4";
    if (highest(connection, "SELECT count(*)" + live) == found.size() + quarantined.size()) {
      return;
    }
    long[] known = found.stream().mapToLong(Live::ordinal).sorted().toArray();
    var lost = new ArrayList<Start>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT ordinal, tenant, id, ended_at IS NULL FROM execution"
                + " WHERE ended_at IS NULL")) {
      readStarts(query, lost);
    }
    for (Start start : lost) {
      if (Arrays.binarySearch(known, start.ordinal()) < 0
          && !quarantined.containsKey(start.key())) {
        damaged.add("execution " + start.key() + ": its snapshot and journal rows are missing");
        restore(start.ordinal(), start.key(), null, List.of());
      }
    }
  }

  private static long highest(Connection connection, String sql) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** Spreads work over the processors; closing waits for all of it. */
  private static final class ParallelWork implements AutoCloseable {
    private final ExecutorService executor =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    private final Semaphore room = new Semaphore(SLICES_WAITING_MAX);
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    void submit(Runnable task) {
      room.acquireUninterruptibly();
      executor.execute(() -> {
        try {
          task.run();
        } catch (RuntimeException e) {
          failure.compareAndSet(null, e);
        } finally {
          room.release();
        }
      });
    }

    @Override
    public void close() {
      executor.close();
      RuntimeException e = failure.get();
      if (e != null) {
        throw e;
      }
    }
  }
}
