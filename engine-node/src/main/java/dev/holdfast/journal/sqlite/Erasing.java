package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.codec.AttributesCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes executions from every table but the journal, whose rows of them nothing points to any
 * more. Used within a transaction, by whoever holds the store's write lock.
 */
final class Erasing implements AutoCloseable {
  private final List<PreparedStatement> all = new ArrayList<>();
  private final Connection connection;
  private final PreparedStatement find;
  private final PreparedStatement attributes;
  private final PreparedStatement attribute;
  private final PreparedStatement hasEvents;
  private final PreparedStatement findFormers;
  private final PreparedStatement putFormer;
  private final PreparedStatement deleteFormer;
  private final PreparedStatement history;
  private final List<PreparedStatement> listed;
  private final List<PreparedStatement> beside;

  Erasing(Connection connection) throws SQLException {
    this.connection = connection;
    this.find = prepare("SELECT ordinal FROM execution WHERE tenant = ? AND id = ?");
    this.attributes =
        prepare(
            "SELECT tenant, started_at, attributes FROM execution"
                + " WHERE ordinal = ? AND attributes IS NOT NULL");
    this.attribute =
        prepare(
            "DELETE FROM attribute WHERE tenant = ? AND key = ? AND value = ?"
                + " AND started_at = ? AND execution = ?");
    this.hasEvents =
        prepare(
            "SELECT EXISTS (SELECT 1 FROM history WHERE chunk > ? AND chunk < ?)"
                + " OR EXISTS (SELECT 1 FROM quarantine WHERE execution = ?)");
    this.findFormers =
        prepare(
            "SELECT f.execution FROM execution e"
                + " JOIN former f ON f.tenant = e.tenant AND f.id = e.id WHERE e.ordinal = ?");
    this.putFormer =
        prepare("INSERT INTO former SELECT ordinal, tenant, id FROM execution WHERE ordinal = ?");
    this.deleteFormer = prepare("DELETE FROM former WHERE execution = ?");
    this.history = prepare("DELETE FROM history WHERE chunk > ? AND chunk < ?");
    this.listed =
        List.of(
            prepare("DELETE FROM snapshot WHERE execution = ?"),
            prepare("DELETE FROM execution WHERE ordinal = ?"));
    this.beside =
        List.of(
            prepare("DELETE FROM base WHERE execution = ?"),
            prepare("DELETE FROM quarantine WHERE execution = ?"));
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    all.add(statement);
    return statement;
  }

  /** The execution's ordinal; 0: there is none of this key. */
  long find(ExecutionKey key) throws SQLException {
    find.setString(1, key.tenant());
    find.setString(2, key.id());
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** Removes an execution with all that is former of it. */
  void erase(long ordinal) throws SQLException {
    eraseFormers(ordinal);
    eraseListing(ordinal);
    eraseEvents(ordinal);
  }

  /** Makes an execution's chain a former one: it is not listed any more, its events stay. */
  void makeFormer(long ordinal) throws SQLException {
    if (hasEvents(ordinal)) {
      run(putFormer, ordinal);
      eraseListing(ordinal);
    } else {
      eraseListing(ordinal);
      eraseEvents(ordinal);
    }
  }

  /** Removes what is former of an execution that is listed. */
  void eraseFormers(long ordinal) throws SQLException {
    var formers = new ArrayList<Long>();
    findFormers.setLong(1, ordinal);
    try (ResultSet row = findFormers.executeQuery()) {
      while (row.next()) {
        formers.add(row.getLong(1));
      }
    }
    for (long former : formers) {
      eraseEvents(former);
      run(deleteFormer, former);
    }
  }

  private boolean hasEvents(long ordinal) throws SQLException {
    bindChunks(hasEvents, ordinal);
    hasEvents.setLong(3, ordinal);
    try (ResultSet row = hasEvents.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  private void eraseListing(long ordinal) throws SQLException {
    eraseAttributes(ordinal);
    for (PreparedStatement statement : listed) {
      run(statement, ordinal);
    }
  }

  private void eraseEvents(long ordinal) throws SQLException {
    bindChunks(history, ordinal);
    history.executeUpdate();
    for (PreparedStatement statement : beside) {
      run(statement, ordinal);
    }
  }

  private static void bindChunks(PreparedStatement statement, long ordinal) throws SQLException {
    statement.setLong(1, ordinal << WriteStatements.CHUNK_SHIFT);
    statement.setLong(2, (ordinal + 1) << WriteStatements.CHUNK_SHIFT);
  }

  private static void run(PreparedStatement statement, long ordinal) throws SQLException {
    statement.setLong(1, ordinal);
    statement.executeUpdate();
  }

  private void eraseAttributes(long ordinal) throws SQLException {
    attributes.setLong(1, ordinal);
    try (ResultSet row = attributes.executeQuery()) {
      if (row.next()) {
        for (var one : AttributesCodec.read(row.getBytes(3)).entrySet()) {
          attribute.setString(1, row.getString(1));
          attribute.setString(2, one.getKey());
          attribute.setString(3, one.getValue());
          attribute.setLong(4, row.getLong(2));
          attribute.setLong(5, ordinal);
          attribute.executeUpdate();
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : all) {
      statement.close();
    }
  }
}
