package dev.holdfast.journal.sqlite;

import dev.holdfast.journal.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * What SQLite itself takes on a disk: plain rows, appended and synced as the journal's are, with
 * nothing else around. The bench sets its journal's figures against it.
 */
public final class AppendLimit {
  private AppendLimit() {}

  /**
   * Appends rows for about so long.
   *
   * @param folder on the disk to be measured; a database is left in it
   * @param rowBytes payload of a row
   * @param rowsPerCommit 1 or more
   * @return rows a second
   */
  public static double rowsPerSecond(Path folder, int rowBytes, int rowsPerCommit, long nanos) {
    byte[] payload = new byte[rowBytes];
    byte[] hash = new byte[32];
    // Without asking for each row's key, as the store does.
    String url = "jdbc:sqlite:" + folder.resolve("limit.db") + "?jdbc.get_generated_keys=false";
    try (Connection connection = DriverManager.getConnection(url)) {
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute(
            "CREATE TABLE journal (lsn INTEGER PRIMARY KEY, payload BLOB NOT NULL, hash BLOB)");
      }
      connection.setAutoCommit(false);
      try (var insert = connection.prepareStatement("INSERT INTO journal VALUES (?, ?, ?)")) {
        long begunNanos = System.nanoTime();
        long rows = 0;
        while (System.nanoTime() - begunNanos < nanos) {
          for (int i = 0; i < rowsPerCommit; i++) {
            insert.setLong(1, ++rows);
            insert.setBytes(2, payload);
            insert.setBytes(3, hash);
            insert.executeUpdate();
          }
          connection.commit();
        }
        return rows * 1e9 / (System.nanoTime() - begunNanos);
      }
    } catch (SQLException e) {
      throw new StoreException("can't measure appends in " + folder + ": " + e.getMessage(), e);
    }
  }
}
