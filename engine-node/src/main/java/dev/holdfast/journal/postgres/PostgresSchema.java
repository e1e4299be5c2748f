package dev.holdfast.journal.postgres;

import dev.holdfast.journal.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the database, and brings its schema to this version's. */
final class PostgresSchema {
  /** The newest migration under {@code db/postgres}. */
  static final String VERSION = "3";

  private static final Logger LOG = LoggerFactory.getLogger(PostgresSchema.class);

  /** Of the database's advisory locks; anything that nobody else is likely to take. */
  private static final long LOCK = 0x686f6c6466617374L;

  private static final Duration TRY_EVERY = Duration.ofSeconds(1);

  /** Wrong login or database: no waiting helps. */
  private static final Set<String> HOPELESS = Set.of("08004", "28P01", "28000", "3D000", "42501");

  private PostgresSchema() {}

  /**
   * Migrates what is not of this version; members that start at once do so one after the other.
   *
   * @throws StoreException when the database can't be reached in time, or the schema can't be
   *     brought to this version
   */
  static void migrate(PostgresConnections connections) {
    try (Connection connection = awaitDatabase(connections)) {
      warnOfUnsynced(connection);
      if (isCurrent(connection)) {
        return;
      }
    } catch (SQLException e) {
      throw connections.failed("read the schema", e);
    }
    // Flyway's own lock comes after it has made its table, which two at once may do by halves.
    try (Connection alone = connections.unbounded()) {
      lock(alone);
      if (!isCurrent(alone)) {
        bringUp(connections);
      }
    } catch (SQLException e) {
      throw connections.failed("wait for the schema", e);
    }
  }

  /** Until the connection is closed. */
  private static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
    }
  }

  private static void bringUp(PostgresConnections connections) {
    try {
      Flyway.configure(PostgresSchema.class.getClassLoader())
          .dataSource(new OpenedAnew(connections::unbounded))
          .locations("classpath:db/postgres")
          // A database may have tables of others; ours are made beside them, all or none.
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .configuration(Map.of("flyway.loggers", "slf4j"))
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StoreException(
          "can't bring the schema of %s to version %s: %s"
              .formatted(connections.settings().place(), VERSION, e.getMessage()),
          e);
    }
  }

  private static Connection awaitDatabase(PostgresConnections connections) {
    long deadline = System.nanoTime() + connections.settings().startWait().toNanos();
    boolean told = false;
    while (true) {
      try {
        return connections.writer();
      } catch (SQLException e) {
        if (HOPELESS.contains(String.valueOf(e.getSQLState()))
            || System.nanoTime() - deadline >= 0
            || Thread.currentThread().isInterrupted()) {
          throw connections.failed("open the store", e);
        }
        if (!told) {
          LOG.warn(
              "Waiting for the database {}: {}", connections.settings().place(), e.getMessage());
          told = true;
        }
      }
      LockSupport.parkNanos(TRY_EVERY.toNanos());
    }
  }

  private static void warnOfUnsynced(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW fsync")) {
      if (row.next() && "off".equals(row.getString(1))) {
        LOG.warn(
            "The database runs with fsync=off: what has been acknowledged may be lost when its"
                + " machine fails");
      }
    }
  }

  private static boolean isCurrent(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet table =
          statement.executeQuery("SELECT to_regclass('flyway_schema_history') IS NOT NULL")) {
        if (!table.next() || !table.getBoolean(1)) {
          return false;
        }
      }
      try (ResultSet newest =
          statement.executeQuery(
              "SELECT version, success FROM flyway_schema_history"
                  + " ORDER BY installed_rank DESC LIMIT 1")) {
        return newest.next() && VERSION.equals(newest.getString(1)) && newest.getBoolean(2);
      }
    }
  }
}
