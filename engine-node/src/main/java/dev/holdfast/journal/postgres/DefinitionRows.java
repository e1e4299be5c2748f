package dev.holdfast.journal.postgres;

import dev.holdfast.journal.StoredDefinition;
import dev.holdfast.journal.Times;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The table of definitions. */
final class DefinitionRows {
  private DefinitionRows() {}

  /** Adds one, unless there is one of its key, whoever put it there. */
  static int put(Connection connection, StoredDefinition definition) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO definition (tenant, name, version, digest, media_type, source,"
                + " registered_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      insert.setString(1, definition.tenant());
      insert.setString(2, definition.name());
      insert.setInt(3, definition.version());
      insert.setString(4, definition.digest());
      insert.setString(5, definition.mediaType());
      insert.setBytes(6, definition.source().getBytes(StandardCharsets.UTF_8));
      insert.setLong(7, Times.nanos(definition.registeredAt()));
      return insert.executeUpdate();
    }
  }

  /** All of them, oldest version first. */
  static List<StoredDefinition> all(Connection connection) throws SQLException {
    var definitions = new ArrayList<StoredDefinition>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT tenant, name, version, digest, media_type, source, registered_at"
                    + " FROM definition ORDER BY tenant, name, version");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        definitions.add(
            new StoredDefinition(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getString(4),
                row.getString(5),
                new String(row.getBytes(6), StandardCharsets.UTF_8),
                Times.instant(row.getLong(7))));
      }
    }
    return List.copyOf(definitions);
  }
}
