package dev.holdfast.journal.postgres;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StateStore.Recovery;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.SealedState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads live executions: their keys one after the other, what belongs to them in slices by several
 * connections at once. One that can't be put together again is named and left out.
 */
final class PostgresRecovery {
  /** Executions read at once by one connection. */
  private static final int SLICE = 256;

  private static final int KEYS_FETCHED = 2000;

  /** One connection is left for the keys, one for others. */
  private static final int THREADS_MAX = PostgresConnections.READERS_MAX - 2;

  /** The second condition says that the partial index serves. */
  private static final String KEYS =
      "SELECT ordinal, tenant, id FROM execution WHERE status < 4 AND status <> 4";

  private static final String SNAPSHOTS =
      "SELECT execution, seq, body FROM snapshot WHERE execution = ANY (?)";

  private static final String ROWS =
      "SELECT j.execution, j.from_seq, j.payload, j.hash"
          + " FROM unnest(?::bigint[], ?::bigint[]) AS k (o, last)"
          + " JOIN journal j ON j.execution = k.o AND j.from_seq > k.last"
          + " ORDER BY j.execution, j.from_seq";

  private final PostgresConnections connections;
  private final PlanResolver plans;
  private final Predicate<ExecutionKey> wanted;
  private final Consumer<ExecutionEntry> live;
  private final List<String> damaged = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private int found;

  PostgresRecovery(
      PostgresConnections connections,
      PlanResolver plans,
      Predicate<ExecutionKey> wanted,
      Consumer<ExecutionEntry> live) {
    this.connections = connections;
    this.plans = plans;
    this.wanted = wanted;
    this.live = live;
  }

  private record Start(long ordinal, ExecutionKey key) {}

  Recovery run() {
    var room = new Semaphore(2 * THREADS_MAX);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS_MAX)) {
      connections.read(
          "what is live",
          connection -> {
            readKeys(connection, slice -> submit(threads, room, slice));
            return damaged;
          });
    }
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    return new Recovery(found, List.copyOf(damaged));
  }

  private void readKeys(Connection connection, Consumer<List<Start>> slices) throws SQLException {
    // In a transaction, or the driver would read all of them at once.
    connection.setAutoCommit(false);
    try (PreparedStatement query = connection.prepareStatement(KEYS)) {
      query.setFetchSize(KEYS_FETCHED);
      var slice = new ArrayList<Start>(SLICE);
      try (ResultSet row = query.executeQuery()) {
        while (row.next() && failure.get() == null) {
          var key = new ExecutionKey(row.getString(2), row.getString(3));
          if (wanted.test(key)) {
            slice.add(new Start(row.getLong(1), key));
          }
          if (slice.size() == SLICE) {
            slices.accept(List.copyOf(slice));
            slice.clear();
          }
        }
      }
      slices.accept(List.copyOf(slice));
      connection.commit();
    } finally {
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  private void submit(ExecutorService threads, Semaphore room, List<Start> slice) {
    if (slice.isEmpty()) {
      return;
    }
    room.acquireUninterruptibly();
    threads.execute(() -> {
      try {
        connections.read(
            "what is live",
            connection -> {
              restore(connection, slice);
              return slice;
            });
      } catch (RuntimeException e) {
        failure.compareAndSet(null, e);
      } finally {
        room.release();
      }
    });
  }

  private void restore(Connection connection, List<Start> slice) throws SQLException {
    Map<Long, SealedState> snapshots = snapshots(connection, slice);
    Map<Long, List<Restoring.Row>> rows = rows(connection, slice, snapshots);
    for (Start start : slice) {
      try {
        ExecutionEntry entry =
            Restoring.restore(
                start.key(),
                snapshots.get(start.ordinal()),
                rows.getOrDefault(start.ordinal(), List.of()),
                plans);
        // Somebody may have ended it in between.
        if (!entry.state().status().isEnded()) {
          handOver(entry);
        }
      } catch (CodecException | StoreException e) {
        damaged.add("execution " + start.key() + ": " + e.getMessage() + "; it is left out");
      }
    }
  }

  private synchronized void handOver(ExecutionEntry entry) {
    found++;
    live.accept(entry);
  }

  private Map<Long, SealedState> snapshots(Connection connection, List<Start> slice)
      throws SQLException {
    var snapshots = new HashMap<Long, SealedState>();
    try (PreparedStatement query = connection.prepareStatement(SNAPSHOTS)) {
      Object[] ordinals = slice.stream().map(Start::ordinal).toArray();
      query.setArray(1, connection.createArrayOf("bigint", ordinals));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          SealedState snapshot = open(row.getLong(1), row.getLong(2), row.getBytes(3));
          if (snapshot != null) {
            snapshots.put(row.getLong(1), snapshot);
          }
        }
      }
    }
    return snapshots;
  }

  private @Nullable SealedState open(long ordinal, long seq, byte[] body) {
    try {
      return SealedState.open(body, seq, plans);
    } catch (CodecException | StoreException e) {
      damaged.add(
          "snapshot of execution number %d at seq %d: %s; its history is used instead"
              .formatted(ordinal, seq, e.getMessage()));
      return null;
    }
  }

  private Map<Long, List<Restoring.Row>> rows(
      Connection connection, List<Start> slice, Map<Long, SealedState> snapshots)
      throws SQLException {
    var rows = new HashMap<Long, List<Restoring.Row>>();
    try (PreparedStatement query = connection.prepareStatement(ROWS)) {
      Object[] ordinals = slice.stream().map(Start::ordinal).toArray();
      Object[] seqs = slice.stream().map(start -> seq(snapshots.get(start.ordinal()))).toArray();
      query.setArray(1, connection.createArrayOf("bigint", ordinals));
      query.setArray(2, connection.createArrayOf("bigint", seqs));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          rows.computeIfAbsent(row.getLong(1), ordinal -> new ArrayList<>(4))
              .add(new Restoring.Row(row.getLong(2), row.getBytes(3), row.getBytes(4)));
        }
      }
    }
    return rows;
  }

  private static Long seq(@Nullable SealedState snapshot) {
    return snapshot == null ? 0L : snapshot.state().seq();
  }
}
