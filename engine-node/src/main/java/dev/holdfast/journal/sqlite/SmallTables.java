package dev.holdfast.journal.sqlite;

import dev.holdfast.journal.StoredDefinition;
import dev.holdfast.journal.Times;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is written seldom: definitions, the promised epoch, the quarantine. */
final class SmallTables {
  private final SqliteDatabase database;
  private final SqliteWriter writer;

  SmallTables(SqliteDatabase database, SqliteWriter writer) {
    this.database = database;
    this.writer = writer;
  }

  /** Keeps the rows of what could not be restored from being trimmed, for a later start. */
  void quarantine(Set<Long> ordinals) {
    if (ordinals.isEmpty()) {
      return;
    }
    writer.write(
        "the quarantine",
        () -> {
          try (PreparedStatement copy =
              database
                  .writer()
                  .prepareStatement(
                      "INSERT OR IGNORE INTO quarantine SELECT * FROM journal"
                          + " WHERE execution = ?")) {
            for (long ordinal : ordinals) {
              copy.setLong(1, ordinal);
              copy.executeUpdate();
            }
          }
          return () -> {};
        });
  }

  void putDefinition(StoredDefinition definition) {
    writer.write(
        "a definition",
        () -> {
          try (PreparedStatement insert =
              database
                  .writer()
                  .prepareStatement(
                      "INSERT OR IGNORE INTO definition VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, definition.tenant());
            insert.setString(2, definition.name());
            insert.setInt(3, definition.version());
            insert.setString(4, definition.digest());
            insert.setString(5, definition.mediaType());
            insert.setString(6, definition.source());
            insert.setLong(7, Times.nanos(definition.registeredAt()));
            insert.executeUpdate();
          }
          return () -> {};
        });
  }

  /** Every definition, oldest version first. */
  List<StoredDefinition> definitions() {
    return database.read(
        "the definitions",
        connection -> {
          var definitions = new ArrayList<StoredDefinition>();
          try (PreparedStatement query =
                  connection.prepareStatement(
                      "SELECT tenant, name, version, digest, media_type, source, registered_at"
                          + " FROM definition ORDER BY tenant, name, version");
              ResultSet row = query.executeQuery()) {
            while (row.next()) {
              definitions.add(definition(row));
            }
          }
          return List.copyOf(definitions);
        });
  }

  private static StoredDefinition definition(ResultSet row) throws SQLException {
    return new StoredDefinition(
        row.getString(1),
        row.getString(2),
        row.getInt(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        Times.instant(row.getLong(7)));
  }

  long promisedEpoch() {
    return database.read(
        "the epoch",
        connection -> {
          try (PreparedStatement query = connection.prepareStatement("SELECT promised FROM epoch");
              ResultSet row = query.executeQuery()) {
            return row.next() ? row.getLong(1) : 0L;
          }
        });
  }

  void promiseEpoch(long epoch) {
    writer.write(
        "the epoch",
        () -> {
          try (PreparedStatement promise =
              database
                  .writer()
                  .prepareStatement(
                      "INSERT INTO epoch VALUES (1, ?) ON CONFLICT (only)"
                          + " DO UPDATE SET promised = max(promised, excluded.promised)")) {
            promise.setLong(1, epoch);
            promise.executeUpdate();
          }
          return () -> {};
        });
  }
}
