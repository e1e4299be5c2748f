package dev.holdfast.journal.postgres;

import dev.holdfast.core.Schedule;
import dev.holdfast.journal.Times;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes ended executions, leaving a tombstone of each. Several members may do so at once: what
 * one is at, the others pass over.
 */
final class Purging {
  /** Executions removed with one commit. */
  private static final int SLICE = 200;

  private static final String OLD =
      " FROM execution WHERE ended_at < ? AND (?::text IS NULL OR tenant = ?)";

  private static final String OF_USERS = "definition <> '" + Schedule.DEFINITION + "'";

  private static final String BURY =
      "INSERT INTO tombstone (execution, tenant, id, definition, version, status, started_at,"
          + " ended_at, seq, hash, purged_at) SELECT e.ordinal, e.tenant, e.id, e.definition,"
          + " e.version, e.status, e.started_at, e.ended_at, j.to_seq, j.hash, ? FROM execution e"
          + " CROSS JOIN LATERAL (SELECT to_seq, hash FROM journal WHERE execution = e.ordinal"
          + " ORDER BY from_seq DESC LIMIT 1) j WHERE e.ordinal = ANY (?)";

  private static final List<String> REMOVE =
      List.of(
          "DELETE FROM attribute WHERE execution = ANY (?)",
          "DELETE FROM snapshot WHERE execution = ANY (?)",
          "DELETE FROM journal WHERE execution = ANY (?)",
          "DELETE FROM execution WHERE ordinal = ANY (?)");

  /**
   * What was removed with one commit.
   *
   * @param count of them all
   * @param ofUsers without deleted schedules
   */
  record Removed(int count, int ofUsers) {}

  private final @Nullable String tenant;
  private final long endedBefore;

  Purging(@Nullable String tenant, Instant endedBefore) {
    this.tenant = tenant;
    this.endedBefore = Times.nanos(endedBefore);
  }

  int count(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT count(*)" + OLD + " AND " + OF_USERS)) {
      bind(query);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }

  private void bind(PreparedStatement query) throws SQLException {
    query.setLong(1, endedBefore);
    query.setString(2, tenant);
    query.setString(3, tenant);
  }

  /** Removes some, with one commit. */
  Removed removeSome(Connection connection, Instant now) throws SQLException {
    return PostgresConnections.inTransaction(
        connection,
        within -> {
          var ordinals = new ArrayList<Long>();
          int ofUsers = lockSome(within, ordinals);
          if (!ordinals.isEmpty()) {
            remove(within, ordinals.toArray(), now);
          }
          return new Removed(ordinals.size(), ofUsers);
        });
  }

  /** Returns how many of them are users'. */
  private int lockSome(Connection connection, List<Long> ordinals) throws SQLException {
    int ofUsers = 0;
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT ordinal, " + OF_USERS + OLD + " LIMIT " + SLICE + " FOR UPDATE SKIP LOCKED")) {
      bind(query);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          ordinals.add(row.getLong(1));
          ofUsers += row.getBoolean(2) ? 1 : 0;
        }
      }
    }
    return ofUsers;
  }

  private static void remove(Connection connection, Object[] ordinals, Instant now)
      throws SQLException {
    try (PreparedStatement bury = connection.prepareStatement(BURY)) {
      bury.setLong(1, Times.nanos(now));
      bury.setArray(2, connection.createArrayOf("bigint", ordinals));
      bury.executeUpdate();
    }
    for (String sql : REMOVE) {
      try (PreparedStatement delete = connection.prepareStatement(sql)) {
        delete.setArray(1, connection.createArrayOf("bigint", ordinals));
        delete.executeUpdate();
      }
    }
  }
}
