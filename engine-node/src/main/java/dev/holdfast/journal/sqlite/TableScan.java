package dev.holdfast.journal.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Reads a table in the order of its integer key, and passes over the parts of it that are damaged
 * so badly that SQLite can't read them.
 */
final class TableScan {
  /** Keys passed over after an unreadable one: at first, and doubled as long as that fails. */
  private static final long SKIP_KEYS = 1;

  private final Connection connection;
  private final String table;
  private final String key;
  private final String columns;
  private final List<String> damaged;

  TableScan(Connection connection, String table, String key, String columns, List<String> damaged) {
    this.connection = connection;
    this.table = table;
    this.key = key;
    this.columns = columns;
    this.damaged = damaged;
  }

  @FunctionalInterface
  interface Row {
    /** The row's columns begin with the key. */
    void read(ResultSet row) throws SQLException;
  }

  /**
   * Reads all that is readable.
   *
   * @throws SQLException when the table can't be read for another reason than damage
   */
  void run(Row row) throws SQLException {
    long last = Long.MIN_VALUE;
    long skip = SKIP_KEYS;
    long highest = -1;
    while (true) {
      long[] at = {last};
      try {
        from(last, row, at);
        return;
      } catch (SQLException e) {
        if (!isDamage(e)) {
          throw e;
        }
        if (highest < 0) {
          highest = highest(e);
        }
        if (at[0] > last) {
          skip = SKIP_KEYS;
        }
        damaged.add(
            "table "
                + table
                + " can't be read after "
                + key
                + " "
                + Math.max(0, at[0])
                + ": "
                + e.getMessage());
        last = Math.max(0, at[0]) + skip;
        skip *= 2;
        if (last >= highest) {
          return;
        }
      }
    }
  }

  private void from(long after, Row row, long[] at) throws SQLException {
    String sql = "SELECT " + columns + " FROM " + table + " WHERE " + key + " > ? ORDER BY " + key;
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setLong(1, after);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          long position = rows.getLong(1);
          row.read(rows);
          at[0] = position;
        }
      }
    }
  }

  private long highest(SQLException cause) throws SQLException {
    String sql = "SELECT max(" + key + ") FROM " + table;
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    } catch (SQLException e) {
      e.addSuppressed(cause);
      throw e;
    }
  }

  /** A column's bytes; none for a null, which only damage puts there, and which no check passes. */
  static byte[] bytes(ResultSet row, int column) throws SQLException {
    byte @Nullable [] bytes = row.getBytes(column);
    return bytes == null ? new byte[0] : bytes;
  }

  static boolean isDamage(SQLException e) {
    return e instanceof SQLiteException sqlite
        && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT
            || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT_INDEX
            || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT_SEQUENCE
            || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT_VTAB
            || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHORT_READ);
  }
}
