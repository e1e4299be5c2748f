package dev.holdfast.journal.sqlite;

import dev.holdfast.journal.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * The database's file and the connections to it: one that writes, whose use the caller serialises,
 * and a bounded pool of those that read.
 */
final class SqliteDatabase implements AutoCloseable {
  /** Reads that run at once, at most. */
  private static final int READERS_MAX = 4;

  private static final int PAGE_BYTES = 4096;
  private static final int WRITER_CACHE_KIB = 16 * 1024;
  private static final int READER_CACHE_KIB = 2 * 1024;

  /** Readers and the file's checkpoints never block the writer; this is for other processes. */
  private static final int BUSY_MILLIS = 5000;

  private final Path file;
  private final Connection writer;
  private final Semaphore permits = new Semaphore(READERS_MAX);
  private final ConcurrentLinkedQueue<Connection> readers = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  SqliteDatabase(Path file) {
    this.file = file;
    try {
      this.writer = connect(WRITER_CACHE_KIB);
    } catch (SQLException e) {
      throw new StoreException("can't open the database " + file + ": " + e.getMessage(), e);
    }
  }

  @FunctionalInterface
  interface Query<T> {
    T run(Connection connection) throws SQLException;
  }

  Connection writer() {
    return writer;
  }

  Path file() {
    return file;
  }

  /** A connection of the caller's own, to be closed by it. */
  Connection connect(int cacheKib) throws SQLException {
    var config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setPageSize(PAGE_BYTES);
    config.setCacheSize(-cacheKib);
    config.setBusyTimeout(BUSY_MILLIS);
    // The driver would run a query after each insert to learn a key that nobody asks for.
    config.setGetGeneratedKeys(false);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      // Moving the write-ahead log into the file is WalCheckpoints' work, not a commit's.
      statement.execute("PRAGMA wal_autocheckpoint = 0");
    }
    return connection;
  }

  /**
   * Runs a query on a connection for reading; waits for one when all are in use.
   *
   * @throws StoreException when the database can't be read
   */
  <T> T read(String what, Query<T> query) {
    permits.acquireUninterruptibly();
    try {
      Connection pooled = readers.poll();
      Connection connection = pooled != null ? pooled : connect(READER_CACHE_KIB);
      boolean sound = false;
      try {
        T result = query.run(connection);
        sound = true;
        return result;
      } finally {
        if (sound && !closed) {
          readers.add(connection);
        } else {
          connection.close();
        }
      }
    } catch (SQLException e) {
      throw new StoreException("can't read " + what + " from " + file + ": " + e.getMessage(), e);
    } finally {
      permits.release();
    }
  }

  Path walFile() {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  long sizeBytes() {
    try {
      return Files.size(file) + walBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long walBytes() {
    return walFile().toFile().length();
  }

  @Override
  public void close() {
    closed = true;
    permits.acquireUninterruptibly(READERS_MAX);
    try {
      for (Connection reader = readers.poll(); reader != null; reader = readers.poll()) {
        reader.close();
      }
      writer.close();
    } catch (SQLException e) {
      throw new StoreException("can't close the database " + file + ": " + e.getMessage(), e);
    } finally {
      permits.release(READERS_MAX);
    }
  }
}
