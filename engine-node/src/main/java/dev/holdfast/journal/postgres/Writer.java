package dev.holdfast.journal.postgres;

import dev.holdfast.journal.FencedException;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.StoreException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches, on a connection of its own that is made anew after every failure: what became of
 * a commit that was under way then is not known, and does not matter, since it is tried again and
 * what is there already is passed over. Used by the journal's writer alone, but for {@link #close}.
 */
final class Writer implements AutoCloseable {
  /** Executions remembered; a few hundred bytes each. */
  private static final int HEADS_MAX = 200_000;

  /** Snapshots beside a commit of entries, which they delay. */
  private static final int SNAPSHOTS_IN_COMMIT = 16;

  private static final int SNAPSHOTS_IN_QUIET = 128;

  /** How often others may be first, each time with an execution of the same batch. */
  private static final int TRIES_MAX = 10;

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String GONE = "HF001";

  /** Another transaction was in the way: deadlock, serialization. */
  private static final Set<String> COLLISIONS = Set.of(UNIQUE_VIOLATION, GONE, "40P01", "40001");

  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

  private final PostgresConnections connections;
  private final Heads heads = new Heads(HEADS_MAX);
  private final Ordinals ordinals = new Ordinals();
  private final Snapshots snapshots = new Snapshots();
  private final LongAdder snapshotCount = new LongAdder();
  private volatile @Nullable Connection connection;
  private @Nullable PreparedStatement append;
  private boolean snapshotsFail;
  private volatile boolean closed;

  Writer(PostgresConnections connections) {
    this.connections = connections;
  }

  /** See {@link dev.holdfast.journal.StateStore#append}. */
  void append(List<JournalEntry> entries, long nowMillis) {
    Batch batch = write(entries);
    remember(batch, nowMillis);
    for (JournalEntry entry : batch.fenced()) {
      JournalEntry.Content content = entry.content();
      entry.fail(new FencedException(content.key(), content.fromSeq()));
    }
    if (snapshots.isDue(nowMillis)) {
      // The entries are written: what fails from here on must not say otherwise.
      takeSnapshotsOrWarn(nowMillis);
    }
  }

  private Batch write(List<JournalEntry> entries) {
    boolean wasOpen = connection != null;
    try {
      return write(open(), entries);
    } catch (SQLException e) {
      abandon(e);
      if (!wasOpen || e.getCause() instanceof SocketTimeoutException) {
        throw connections.failed("write the journal", e);
      }
    }
    // The connection may have died while nothing was written: a new one tells.
    try {
      return write(open(), entries);
    } catch (SQLException e) {
      abandon(e);
      throw connections.failed("write the journal", e);
    }
  }

  private Connection open() throws SQLException {
    Connection here = connection;
    if (here == null) {
      if (closed) {
        throw new SQLException("the store is closed");
      }
      here = connections.writer();
      connection = here;
      append = here.prepareStatement(AppendCall.SQL);
    }
    return here;
  }

  /** The next one begins on a new connection. */
  private void abandon(SQLException cause) {
    Connection here = connection;
    connection = null;
    append = null;
    if (here != null) {
      try {
        // Not close(), which would say goodbye to somebody who may not answer.
        here.abort(Runnable::run);
      } catch (SQLException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private Batch write(Connection on, List<JournalEntry> entries) throws SQLException {
    Batch batch = Batch.fromMemory(entries, heads, ordinals, on);
    if (batch == null) {
      batch = Batch.fromDatabase(entries, ordinals, on);
    }
    for (int i = 1; ; i++) {
      SQLException collision = commit(on, batch);
      if (collision == null) {
        return batch;
      }
      if (i == TRIES_MAX) {
        throw collision;
      }
      forget(entries);
      batch = Batch.fromDatabase(entries, ordinals, on);
    }
  }

  /** Null when it is written; else who was in the way, and nothing is. */
  private @Nullable SQLException commit(Connection on, Batch batch) throws SQLException {
    List<Touched> written = batch.written();
    PreparedStatement call = append;
    if (written.isEmpty() || call == null) {
      return null;
    }
    var append = new AppendCall();
    for (Touched one : written) {
      append.add(one);
      Head head = heads.find(one.key);
      if (head != null && head.snapshotBytes() > 0 && one.after().status().isEnded()) {
        append.settle(one.ordinal);
      }
    }
    try {
      append.run(on, call);
      return null;
    } catch (SQLException e) {
      if (COLLISIONS.contains(String.valueOf(e.getSQLState()))) {
        return e;
      }
      throw e;
    }
  }

  private void forget(List<JournalEntry> entries) {
    for (JournalEntry entry : entries) {
      Head head = heads.find(entry.content().key());
      if (head != null) {
        heads.remove(entry.content().key());
        snapshots.forget(head);
      }
    }
  }

  private void remember(Batch batch, long nowMillis) {
    for (Touched one : batch.written()) {
      Head head = heads.find(one.key);
      if (one.after().status().isEnded()) {
        if (head != null) {
          heads.remove(one.key);
          snapshots.forget(head);
        }
        continue;
      }
      if (head == null || head.ordinal != one.ordinal) {
        head = new Head(one.ordinal);
        Head forgotten = heads.put(one.key, head);
        if (forgotten != null) {
          snapshots.forget(forgotten);
        }
      }
      head.advance(one.after(), one.hash(), one.bytes(), nowMillis);
      snapshots.written(head);
    }
  }

  private void takeSnapshotsOrWarn(long nowMillis) {
    try {
      takeSnapshots(nowMillis, SNAPSHOTS_IN_COMMIT);
      snapshotsFail = false;
    } catch (StoreException e) {
      if (!snapshotsFail) {
        LOG.warn("Snapshots fail and are tried again", e);
      }
      snapshotsFail = true;
    }
  }

  /** Snapshots that are due, when nothing else waits; whether there are more. */
  boolean takeSnapshots(long nowMillis) {
    if (!snapshots.isDue(nowMillis)) {
      return false;
    }
    takeSnapshots(nowMillis, SNAPSHOTS_IN_QUIET);
    return snapshots.isDue(nowMillis);
  }

  private void takeSnapshots(long nowMillis, int max) {
    try {
      snapshotCount.add(snapshots.take(open(), nowMillis, max));
    } catch (SQLException e) {
      abandon(e);
      throw connections.failed("write snapshots", e);
    }
  }

  /** Snapshots taken; any thread may ask. */
  long snapshotCount() {
    return snapshotCount.sum();
  }

  /** Any thread may close; whoever writes then fails. */
  @Override
  public void close() {
    closed = true;
    Connection here = connection;
    if (here != null) {
      try {
        here.close();
      } catch (SQLException e) {
        throw connections.failed("close the journal's connection", e);
      }
    }
  }
}
