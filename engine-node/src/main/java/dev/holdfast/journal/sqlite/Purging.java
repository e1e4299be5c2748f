package dev.holdfast.journal.sqlite;

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

/** Removes ended executions, leaving a tombstone of each. */
final class Purging {
  /** Executions removed with one commit: bounds how long commits of the journal wait. */
  static final int SLICE = 50;

  private static final String OLD =
      " FROM execution WHERE ordinal > ? AND ended_at IS NOT NULL AND ended_at < ?"
          + " AND (? IS NULL OR tenant = ?)";

  private static final String OF_USERS = "definition <> '" + Schedule.DEFINITION + "'";

  private final @Nullable String tenant;
  private final long endedBefore;

  Purging(@Nullable String tenant, Instant endedBefore) {
    this.tenant = tenant;
    this.endedBefore = Times.nanos(endedBefore);
  }

  int count(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT count(*)" + OLD + " AND " + OF_USERS)) {
      bind(query, 0);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }

  /** The next ones after an ordinal, in order; empty when that was all. */
  List<Long> next(Connection connection, long afterOrdinal) throws SQLException {
    var ordinals = new ArrayList<Long>();
    try (PreparedStatement query =
        connection.prepareStatement("SELECT ordinal" + OLD + " ORDER BY ordinal LIMIT " + SLICE)) {
      bind(query, afterOrdinal);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          ordinals.add(row.getLong(1));
        }
      }
    }
    return ordinals;
  }

  private void bind(PreparedStatement query, long afterOrdinal) throws SQLException {
    query.setLong(1, afterOrdinal);
    query.setLong(2, endedBefore);
    query.setString(3, tenant);
    query.setString(4, tenant);
  }

  /**
   * Within a transaction: removes those of them that still are ended.
   *
   * @return how many of users'
   */
  int remove(Connection connection, List<Long> ordinals, Instant now) throws SQLException {
    int removed = 0;
    try (PreparedStatement bury =
            connection.prepareStatement(
                "INSERT INTO tombstone SELECT ordinal, tenant, id, definition, version, status,"
                    + " started_at, ended_at, seq, hash, ? FROM execution"
                    + " WHERE ordinal = ? AND ended_at IS NOT NULL RETURNING "
                    + OF_USERS);
        var erasing = new Erasing(connection)) {
      for (long ordinal : ordinals) {
        bury.setLong(1, Times.nanos(now));
        bury.setLong(2, ordinal);
        try (ResultSet buried = bury.executeQuery()) {
          if (!buried.next()) {
            continue;
          }
          removed += buried.getInt(1);
        }
        erasing.erase(ordinal);
      }
    }
    return removed;
  }
}
