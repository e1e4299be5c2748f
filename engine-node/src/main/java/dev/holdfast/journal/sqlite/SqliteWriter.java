package dev.holdfast.journal.sqlite;

import dev.holdfast.journal.StoreException;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one way of writing to the database: a transaction at a time, under a lock. */
final class SqliteWriter implements AutoCloseable {
  private final SqliteDatabase database;
  private final WriteStatements sql;
  private final WalCheckpoints walCheckpoints;
  private final ReentrantLock lock = new ReentrantLock();

  SqliteWriter(SqliteDatabase database) throws SQLException {
    this.database = database;
    this.sql = new WriteStatements(database.writer());
    this.walCheckpoints = new WalCheckpoints(database, lock);
  }

  @FunctionalInterface
  interface Write {
    /** Runs within a transaction. What it returns is run after the commit, under the lock. */
    Runnable run() throws SQLException;
  }

  /** What all writes run under, and whatever must not run beside one. */
  ReentrantLock lock() {
    return lock;
  }

  /** For use within a write. */
  WriteStatements sql() {
    return sql;
  }

  /**
   * Writes and commits.
   *
   * @param what for the message
   * @throws StoreException when nothing was written
   */
  void write(String what, Write write) {
    lock.lock();
    try {
      Runnable afterwards = commit(write);
      afterwards.run();
      walCheckpoints.committed(sql.takeWrittenBytes());
    } catch (SQLException e) {
      throw new StoreException(
          "can't write " + what + " to " + database.file() + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private Runnable commit(Write write) throws SQLException {
    boolean committed = false;
    SQLException failure = null;
    try {
      sql.begin();
      Runnable afterwards = write.run();
      sql.commit();
      committed = true;
      return afterwards;
    } catch (SQLException e) {
      failure = e;
      throw e;
    } finally {
      if (!committed) {
        rollback(failure);
      }
    }
  }

  private void rollback(@Nullable SQLException failure) {
    try {
      sql.rollback();
    } catch (SQLException e) {
      // SQLite has rolled back by itself where the disk is full; then there is nothing to undo.
      if (failure != null) {
        failure.addSuppressed(e);
      }
    }
  }

  /** Closes the statements and the database. */
  @Override
  public void close() {
    walCheckpoints.close();
    lock.lock();
    try {
      sql.close();
      database.close();
    } catch (SQLException e) {
      throw new StoreException("can't close " + database.file() + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }
}
