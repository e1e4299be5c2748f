package dev.holdfast.journal.postgres;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.codec.SealedState;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which executions that this member writes are due for a snapshot, and taking it. What is written
 * stays proportional to the events, however large the state is. Used by the journal's writer alone.
 */
final class Snapshots {
  /** From so many bytes of events on a snapshot is due whatever its age. */
  static final int LARGE_BYTES = 64 << 10;

  /** So old may the oldest event that is in no snapshot get. */
  static final long AGE_MILLIS_MAX = 60_000;

  /** A snapshot up to this size is taken whenever it is due by age. */
  private static final int SMALL_BYTES = 16 << 10;

  /** A larger one by age, when the events since the last come to this part of it. */
  private static final int AGED_PART = 4;

  /** Encoded bytes of one statement, about at most. */
  private static final long STATEMENT_BYTES_MAX = 4 << 20;

  /** An older one than is there, of a member that has lost the execution, changes nothing. */
  private static final String PUT =
      "INSERT INTO snapshot (execution, seq, taken_at, body) SELECT s.* FROM"
          + " unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[]) AS s (execution)"
          + " WHERE EXISTS (SELECT FROM execution e WHERE e.ordinal = s.execution)"
          + " ON CONFLICT (execution) DO UPDATE SET seq = excluded.seq,"
          + " taken_at = excluded.taken_at, body = excluded.body"
          + " WHERE snapshot.seq < excluded.seq";

  /** In the order in which their oldest unsaved event came. */
  private final LinkedHashSet<Head> unsaved = new LinkedHashSet<>();

  private final LinkedHashSet<Head> large = new LinkedHashSet<>();

  /** The head has advanced. */
  void written(Head head) {
    unsaved.add(head);
    if (head.bytesSinceSnapshot() >= Math.max(LARGE_BYTES, head.snapshotBytes())) {
      large.add(head);
    }
  }

  /** Nothing more will be written of it here. */
  void forget(Head head) {
    unsaved.remove(head);
    large.remove(head);
  }

  /** Whether {@link #take} would find something to do. */
  boolean isDue(long nowMillis) {
    return next(nowMillis) != null;
  }

  private @Nullable Head next(long nowMillis) {
    if (!large.isEmpty()) {
      return large.getFirst();
    }
    if (unsaved.isEmpty()) {
      return null;
    }
    Head oldest = unsaved.getFirst();
    return nowMillis - oldest.unsavedSinceMillis() >= AGE_MILLIS_MAX ? oldest : null;
  }

  private record Taken(Head head, long seq, byte[] body, int bytes) {}

  /**
   * Takes snapshots that are due, so many at most.
   *
   * @return how many were taken
   */
  int take(Connection connection, long nowMillis, int max) throws SQLException {
    var taken = new ArrayList<Taken>();
    long bytes = 0;
    for (Head head = next(nowMillis);
        head != null && taken.size() < max && bytes < STATEMENT_BYTES_MAX;
        head = next(nowMillis)) {
      ExecutionState state = head.unsaved();
      forget(head);
      if (state == null || !isWorthwhile(head)) {
        head.postponed();
      } else {
        byte[] body = new SealedState(state, head.hash()).seal();
        bytes += body.length;
        taken.add(new Taken(head, head.seq(), body, body.length));
      }
    }
    if (!taken.isEmpty()) {
      boolean written = false;
      try {
        put(connection, taken, nowMillis);
        written = true;
      } finally {
        for (Taken one : taken) {
          if (written) {
            one.head().snapshotTaken(one.bytes());
          } else {
            unsaved.add(one.head());
          }
        }
      }
    }
    return taken.size();
  }

  private static boolean isWorthwhile(Head head) {
    long since = head.bytesSinceSnapshot();
    int last = head.snapshotBytes();
    return last <= SMALL_BYTES || since >= last / AGED_PART;
  }

  private static void put(Connection connection, List<Taken> taken, long nowMillis)
      throws SQLException {
    try (PreparedStatement put = connection.prepareStatement(PUT)) {
      put.setArray(1, longs(connection, taken.stream().map(one -> one.head().ordinal).toList()));
      put.setArray(2, longs(connection, taken.stream().map(Taken::seq).toList()));
      put.setArray(3, longs(connection, taken.stream().map(one -> nowMillis).toList()));
      byte[][] bodies = taken.stream().map(Taken::body).toArray(byte[][]::new);
      put.setArray(4, connection.createArrayOf("bytea", bodies));
      put.executeUpdate();
    }
  }

  private static Array longs(Connection connection, List<Long> values) throws SQLException {
    return connection.createArrayOf("bigint", values.toArray());
  }
}
