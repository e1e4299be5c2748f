package dev.holdfast.journal.sqlite;

import dev.holdfast.journal.Joining;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the write-ahead log into the database file, on a thread of its own, so that no commit pays
 * for it. Commits go on meanwhile; only when the log has grown very long under them does a last,
 * short round keep them waiting, after which the log begins anew.
 */
final class WalCheckpoints implements AutoCloseable {
  /** So many bytes are written, by estimate, before the log is moved. */
  private static final long WRITTEN_BYTES_MIN = 8L << 20;

  /** From this many pages on the log is moved with commits kept waiting: 64 MiB. */
  private static final long LOG_PAGES_LONG = 16 << 10;

  /** Pages that a commit writes beside its content: the ends of tables and indexes. */
  private static final long COMMIT_BYTES = 6 * 4096;

  private static final int CACHE_KIB = 256;

  private static final Logger LOG = LoggerFactory.getLogger(WalCheckpoints.class);

  private final SqliteDatabase database;
  private final ReentrantLock writeLock;
  private final Thread thread;
  private long writtenBytes;
  private volatile boolean wanted;
  private volatile boolean closed;
  private boolean failing;

  WalCheckpoints(SqliteDatabase database, ReentrantLock writeLock) {
    this.database = database;
    this.writeLock = writeLock;
    this.thread = Thread.ofPlatform().name("holdfast-wal").daemon().start(this::run);
  }

  /** Called after each commit, by whoever holds the write lock. */
  void committed(long contentBytes) {
    writtenBytes += contentBytes + COMMIT_BYTES;
    if (writtenBytes >= WRITTEN_BYTES_MIN && !wanted) {
      writtenBytes = 0;
      wanted = true;
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closed) {
      if (wanted) {
        move();
        wanted = false;
      } else {
        LockSupport.park(this);
      }
    }
  }

  private void move() {
    try (Connection connection = database.connect(CACHE_KIB)) {
      if (checkpoint(connection) >= LOG_PAGES_LONG) {
        writeLock.lock();
        try {
          checkpoint(connection);
        } finally {
          writeLock.unlock();
        }
      }
      failing = false;
    } catch (SQLException e) {
      if (!failing) {
        LOG.warn("Can't move the write-ahead log of {}: {}", database.file(), e.getMessage());
      }
      failing = true;
    }
  }

  /** The log's length in pages. */
  private static long checkpoint(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
      return row.next() ? row.getLong(2) : 0;
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    Joining.join(thread);
  }
}
