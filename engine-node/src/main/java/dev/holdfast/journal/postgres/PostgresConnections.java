package dev.holdfast.journal.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.journal.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Connections to the database: a pool for who reads, and one of the journal's own, so that readers
 * never keep a commit waiting. A database that hangs is noticed by time-outs on every one.
 */
final class PostgresConnections implements AutoCloseable {
  /** Connections for reading that one member opens, at most. */
  static final int READERS_MAX = 8;

  /** How long whoever reads waits for a connection. */
  private static final Duration READER_WAIT_MAX = Duration.ofSeconds(2);

  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

  /** The longest silence of the database in the middle of a read. */
  private static final Duration READ_SILENCE_MAX = Duration.ofSeconds(10);

  /** The longest commit; one that takes longer is repeated, which does no harm. */
  private static final Duration COMMIT_SILENCE_MAX = Duration.ofSeconds(5);

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
  private static final Duration IDLE_MAX = Duration.ofMinutes(2);

  private final PostgresSettings settings;
  private final HikariDataSource readers;

  PostgresConnections(PostgresSettings settings) {
    this.settings = settings;
    this.readers = new HikariDataSource(pool(settings));
  }

  private static HikariConfig pool(PostgresSettings settings) {
    var config = new HikariConfig();
    config.setPoolName("holdfast-postgres");
    config.setJdbcUrl(settings.url());
    config.setDataSourceProperties(properties(settings, READ_SILENCE_MAX));
    config.setConnectionInitSql(session(READ_SILENCE_MAX));
    config.setMaximumPoolSize(READERS_MAX);
    config.setMinimumIdle(1);
    config.setIdleTimeout(IDLE_MAX.toMillis());
    config.setKeepaliveTime(KEEP_ALIVE.toMillis());
    config.setConnectionTimeout(READER_WAIT_MAX.toMillis());
    config.setValidationTimeout(Duration.ofSeconds(1).toMillis());
    // The start has seen for itself whether the database is there.
    config.setInitializationFailTimeout(-1);
    return config;
  }

  private static Properties properties(PostgresSettings settings, Duration silenceMax) {
    var properties = new Properties();
    if (settings.user() != null) {
      PGProperty.USER.set(properties, settings.user());
    }
    if (settings.password() != null) {
      PGProperty.PASSWORD.set(properties, settings.password());
    }
    PGProperty.APPLICATION_NAME.set(properties, "holdfast");
    PGProperty.CONNECT_TIMEOUT.set(properties, (int) CONNECT_MAX.toSeconds());
    PGProperty.SOCKET_TIMEOUT.set(properties, (int) silenceMax.toSeconds());
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.REWRITE_BATCHED_INSERTS.set(properties, false);
    return properties;
  }

  /**
   * What a session begins with: a bound on the server's side too, so that what nobody waits for any
   * more does not go on; and no commit that is not on the disk, whatever the database's default.
   */
  private static String session(Duration silenceMax) {
    return "SELECT set_config('statement_timeout', '%d', false), CASE"
            .formatted(silenceMax.toMillis())
        + " WHEN current_setting('synchronous_commit') = 'off'"
        + " THEN set_config('synchronous_commit', 'on', false) END";
  }

  /** A connection for reading, from the pool; closing it gives it back. */
  Connection reader() throws SQLException {
    return readers.getConnection();
  }

  /** A new connection for commits of the journal. */
  Connection writer() throws SQLException {
    return connect(COMMIT_SILENCE_MAX);
  }

  /** A new connection on which nothing is bounded but the time to connect: for the schema. */
  Connection unbounded() throws SQLException {
    return connect(Duration.ZERO);
  }

  private Connection connect(Duration silenceMax) throws SQLException {
    Connection connection = new Driver().connect(settings.url(), properties(settings, silenceMax));
    if (connection == null) {
      throw new SQLException("not a URL of PostgreSQL's: " + settings.place());
    }
    try (var statement = connection.createStatement()) {
      statement.execute(session(silenceMax));
    } catch (SQLException e) {
      closeAfter(connection, e);
      throw e;
    }
    return connection;
  }

  private static void closeAfter(Connection connection, SQLException failure) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /** Reads by a statement or more. */
  @FunctionalInterface
  interface Read<T> {
    T run(Connection connection) throws SQLException;
  }

  /**
   * Reads on a connection of the pool.
   *
   * @param what for the message, as in "can't read {what}"
   * @throws StoreException when it can't be read
   */
  <T> T read(String what, Read<T> read) {
    return use("read " + what, read);
  }

  /** Writes on a connection of the pool: what is not the journal's. */
  void write(String what, Read<?> write) {
    use("write " + what, write);
  }

  /**
   * Writes on a connection of the pool, with one commit.
   *
   * @param what for the message, as in "can't write {what}"
   * @throws StoreException when it can't be written; nothing of it then is
   */
  <T> T transaction(String what, Read<T> work) {
    return use("write " + what, connection -> inTransaction(connection, work));
  }

  /** Does that work with one commit, or nothing of it. */
  static <T> T inTransaction(Connection connection, Read<T> work) throws SQLException {
    connection.setAutoCommit(false);
    boolean committed = false;
    try {
      T result = work.run(connection);
      connection.commit();
      committed = true;
      return result;
    } finally {
      if (!connection.isClosed()) {
        if (!committed) {
          connection.rollback();
        }
        connection.setAutoCommit(true);
      }
    }
  }

  private <T> T use(String doing, Read<T> use) {
    try (Connection connection = reader()) {
      return use.run(connection);
    } catch (SQLException e) {
      throw failed(doing, e);
    }
  }

  /** The failure as the store tells it. */
  StoreException failed(String doing, SQLException e) {
    return new StoreException(
        "can't %s at %s: %s".formatted(doing, settings.place(), e.getMessage()), e);
  }

  PostgresSettings settings() {
    return settings;
  }

  @Override
  public void close() {
    readers.close();
  }
}
