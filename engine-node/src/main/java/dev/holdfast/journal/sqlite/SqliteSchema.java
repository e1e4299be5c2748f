package dev.holdfast.journal.sqlite;

import dev.holdfast.journal.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the database's schema to this version's. */
final class SqliteSchema {
  /** The newest migration under {@code db/sqlite}. */
  static final String VERSION = "7";

  private SqliteSchema() {}

  /**
   * Migrates what is not of this version. Flyway is asked only then: it takes longer than the rest
   * of opening a store.
   *
   * @throws StoreException when the schema can't be brought to this version
   */
  static void migrate(SqliteDatabase database) {
    if (isCurrent(database.writer())) {
      return;
    }
    try {
      Flyway.configure(SqliteSchema.class.getClassLoader())
          .dataSource("jdbc:sqlite:" + database.file(), null, null)
          .locations("classpath:db/sqlite")
          .configuration(Map.of("flyway.loggers", "slf4j"))
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StoreException(
          "can't bring the schema of " + database.file() + " to version " + VERSION, e);
    }
  }

  private static boolean isCurrent(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet tables =
          statement.executeQuery(
              "SELECT count(*) FROM sqlite_schema WHERE name = 'flyway_schema_history'")) {
        if (!tables.next() || tables.getInt(1) == 0) {
          return false;
        }
      }
      try (ResultSet newest =
          statement.executeQuery(
              "SELECT version, success FROM flyway_schema_history"
                  + " ORDER BY installed_rank DESC LIMIT 1")) {
        return newest.next() && VERSION.equals(newest.getString(1)) && newest.getBoolean(2);
      }
    } catch (SQLException e) {
      throw new StoreException("not a database of Holdfast's: " + e.getMessage(), e);
    }
  }
}
