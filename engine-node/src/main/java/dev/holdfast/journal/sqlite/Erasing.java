package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ValueFormat;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Removes executions from every table but the journal, whose rows of them nothing points to any
 * more. Used within a transaction, by whoever holds the store's write lock.
 */
final class Erasing implements AutoCloseable {
  private final PreparedStatement find;
  private final PreparedStatement attributes;
  private final PreparedStatement attribute;
  private final PreparedStatement history;
  private final List<PreparedStatement> rows;

  Erasing(Connection connection) throws SQLException {
    this.find =
        connection.prepareStatement("SELECT ordinal FROM execution WHERE tenant = ? AND id = ?");
    this.attributes =
        connection.prepareStatement(
            "SELECT tenant, started_at, attributes FROM execution"
                + " WHERE ordinal = ? AND attributes IS NOT NULL");
    this.attribute =
        connection.prepareStatement(
            "DELETE FROM attribute WHERE tenant = ? AND key = ? AND value = ?"
                + " AND started_at = ? AND execution = ?");
    this.history = connection.prepareStatement("DELETE FROM history WHERE chunk > ? AND chunk < ?");
    this.rows =
        List.of(
            connection.prepareStatement("DELETE FROM snapshot WHERE execution = ?"),
            connection.prepareStatement("DELETE FROM base WHERE execution = ?"),
            connection.prepareStatement("DELETE FROM quarantine WHERE execution = ?"),
            connection.prepareStatement("DELETE FROM execution WHERE ordinal = ?"));
  }

  /** The execution's ordinal; 0: there is none of this key. */
  long find(ExecutionKey key) throws SQLException {
    find.setString(1, key.tenant());
    find.setString(2, key.id());
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  void erase(long ordinal) throws SQLException {
    eraseAttributes(ordinal);
    history.setLong(1, ordinal << WriteStatements.CHUNK_SHIFT);
    history.setLong(2, (ordinal + 1) << WriteStatements.CHUNK_SHIFT);
    history.executeUpdate();
    for (PreparedStatement row : rows) {
      row.setLong(1, ordinal);
      row.executeUpdate();
    }
  }

  private void eraseAttributes(long ordinal) throws SQLException {
    attributes.setLong(1, ordinal);
    try (ResultSet row = attributes.executeQuery()) {
      if (row.next()
          && ValueFormat.CBOR.read(TableScan.bytes(row, 3)) instanceof Map<?, ?> values) {
        for (var one : values.entrySet()) {
          attribute.setString(1, row.getString(1));
          attribute.setString(2, String.valueOf(one.getKey()));
          attribute.setString(3, String.valueOf(one.getValue()));
          attribute.setLong(4, row.getLong(2));
          attribute.setLong(5, ordinal);
          attribute.executeUpdate();
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : List.of(find, attributes, attribute, history)) {
      statement.close();
    }
    for (PreparedStatement row : rows) {
      row.close();
    }
  }
}
