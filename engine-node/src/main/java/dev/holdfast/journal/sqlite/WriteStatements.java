package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionHeader;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.Times;
import dev.holdfast.journal.codec.AttributesCodec;
import dev.holdfast.journal.codec.Codes;
import dev.holdfast.journal.codec.Sealed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements of the writing connection, prepared ahead. */
final class WriteStatements implements AutoCloseable {
  /** {@code history.chunk} is the ordinal shifted by this, plus the first event's seq. */
  static final int CHUNK_SHIFT = 24;

  private static final int ERROR_CHARS_MAX = 500;

  /** What a row takes beside its payload, about. */
  private static final int ROW_BYTES = 64;

  /** What a listing row and its index entries take, about. */
  private static final int LISTING_BYTES = 512;

  private final Connection connection;
  private PreparedStatement begin;
  private PreparedStatement commit;
  private PreparedStatement insertJournal;
  private PreparedStatement trimJournal;
  private PreparedStatement insertExecution;
  private PreparedStatement updateExecution;
  private PreparedStatement insertAttribute;
  private PreparedStatement findEnded;
  private PreparedStatement putHistory;
  private PreparedStatement putSnapshot;
  private PreparedStatement deleteSnapshot;
  private PreparedStatement putBase;
  private long writtenBytes;

  WriteStatements(Connection connection) throws SQLException {
    this.connection = connection;
    prepare();
  }

  private void prepare() throws SQLException {
    begin = connection.prepareStatement("BEGIN IMMEDIATE");
    commit = connection.prepareStatement("COMMIT");
    insertJournal = connection.prepareStatement("INSERT INTO journal VALUES (?, ?, ?, ?, ?)");
    trimJournal = connection.prepareStatement("DELETE FROM journal WHERE lsn < ?");
    insertExecution =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO execution VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?)");
    updateExecution =
        connection.prepareStatement(
            "UPDATE execution SET status = ?, updated_at = ?, ended_at = ?, error = ?, seq = ?,"
                + " hash = ?, epoch = ? WHERE ordinal = ?");
    insertAttribute =
        connection.prepareStatement("INSERT OR IGNORE INTO attribute VALUES (?, ?, ?, ?, ?)");
    findEnded =
        connection.prepareStatement(
            "SELECT e.ordinal, e.status, e.seq, e.hash, b.seq FROM execution e"
                + " LEFT JOIN base b ON b.execution = e.ordinal"
                + " WHERE e.tenant = ? AND e.id = ? AND e.ended_at IS NOT NULL");
    putHistory = connection.prepareStatement("INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?)");
    putSnapshot =
        connection.prepareStatement("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?, ?)");
    putBase = connection.prepareStatement("INSERT OR REPLACE INTO base VALUES (?, ?, ?, ?)");
    deleteSnapshot = connection.prepareStatement("DELETE FROM snapshot WHERE execution = ?");
  }

  /** About how many bytes have been written since this was asked last. */
  long takeWrittenBytes() {
    long written = writtenBytes;
    writtenBytes = 0;
    return written;
  }

  void begin() throws SQLException {
    begin.execute();
  }

  void commit() throws SQLException {
    commit.execute();
  }

  /**
   * Undoes what was begun; SQLite may have done so by itself. The driver has given up the statement
   * that failed for good, so all are prepared anew.
   */
  void rollback() throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } finally {
      close();
      prepare();
    }
  }

  void insertJournal(long lsn, long ordinal, long fromSeq, byte[] payload, byte[] hash)
      throws SQLException {
    insertJournal.setLong(1, lsn);
    insertJournal.setLong(2, ordinal);
    insertJournal.setLong(3, fromSeq);
    insertJournal.setBytes(4, payload);
    insertJournal.setBytes(5, hash);
    insertJournal.executeUpdate();
    writtenBytes += payload.length + ROW_BYTES;
  }

  void trimJournal(long belowLsn) throws SQLException {
    trimJournal.setLong(1, belowLsn);
    trimJournal.executeUpdate();
  }

  /** False when another execution has the id. */
  boolean insertExecution(long ordinal, ExecutionState state, byte[] hash, long epoch)
      throws SQLException {
    ExecutionHeader header = state.header();
    ExecutionKey key = header.key();
    long startedAt = Times.nanos(header.startedAt());
    insertExecution.setLong(1, ordinal);
    insertExecution.setString(2, key.tenant());
    insertExecution.setString(3, key.id());
    insertExecution.setString(4, header.plan().name());
    insertExecution.setInt(5, header.plan().version());
    insertExecution.setInt(6, Codes.EXECUTION_STATUS.code(state.status()));
    insertExecution.setString(7, header.session());
    insertExecution.setBytes(8, AttributesCodec.write(header.attributes()));
    insertExecution.setInt(9, header.priority());
    insertExecution.setLong(10, startedAt);
    insertExecution.setLong(11, Times.nanos(state.updatedAt()));
    setEnd(insertExecution, 12, state, hash, epoch);
    if (insertExecution.executeUpdate() == 0) {
      return false;
    }
    writtenBytes += LISTING_BYTES;
    for (var attribute : header.attributes().entrySet()) {
      insertAttribute.setString(1, key.tenant());
      insertAttribute.setString(2, attribute.getKey());
      insertAttribute.setString(3, attribute.getValue());
      insertAttribute.setLong(4, startedAt);
      insertAttribute.setLong(5, ordinal);
      insertAttribute.executeUpdate();
    }
    return true;
  }

  void updateExecution(long ordinal, ExecutionState state, byte[] hash, long epoch)
      throws SQLException {
    updateExecution.setInt(1, Codes.EXECUTION_STATUS.code(state.status()));
    updateExecution.setLong(2, Times.nanos(state.updatedAt()));
    setEnd(updateExecution, 3, state, hash, epoch);
    updateExecution.setLong(8, ordinal);
    updateExecution.executeUpdate();
  }

  private static void setEnd(
      PreparedStatement to, int at, ExecutionState state, byte[] hash, long epoch)
      throws SQLException {
    Long endedAt = Times.nanosOrNull(state.endedAt());
    if (endedAt == null) {
      to.setNull(at, Types.INTEGER);
      to.setNull(at + 1, Types.VARCHAR);
      to.setNull(at + 2, Types.INTEGER);
      to.setNull(at + 3, Types.BLOB);
      to.setNull(at + 4, Types.INTEGER);
    } else {
      to.setLong(at, endedAt);
      to.setString(at + 1, error(state));
      to.setLong(at + 2, state.seq());
      to.setBytes(at + 3, hash);
      to.setLong(at + 4, epoch);
    }
  }

  private static @Nullable String error(ExecutionState state) {
    if (state.error() == null) {
      return null;
    }
    String text = state.error().type() + ": " + state.error().message();
    return text.length() <= ERROR_CHARS_MAX ? text : text.substring(0, ERROR_CHARS_MAX);
  }

  /**
   * An ended execution's place: the last event's seq and the chain's head there.
   *
   * @param baseSeq where the chain begins here; 0: with its first event
   */
  record Ended(long ordinal, int status, long seq, byte[] hash, long baseSeq) {}

  @Nullable Ended findEnded(ExecutionKey key) throws SQLException {
    findEnded.setString(1, key.tenant());
    findEnded.setString(2, key.id());
    try (ResultSet row = findEnded.executeQuery()) {
      return row.next()
          ? new Ended(
              row.getLong(1), row.getInt(2), row.getLong(3), row.getBytes(4), row.getLong(5))
          : null;
    }
  }

  void putHistory(long ordinal, long fromSeq, long toSeq, byte[] previousHash, byte[] sealed)
      throws SQLException {
    putHistory.setLong(1, chunk(ordinal, fromSeq));
    putHistory.setLong(2, toSeq);
    putHistory.setBytes(3, previousHash);
    putHistory.setBytes(4, sealed);
    putHistory.executeUpdate();
    writtenBytes += sealed.length + ROW_BYTES;
  }

  /** Puts events into history that are in no chunk yet: a tail, and what follows on it. */
  void putTail(long ordinal, Tail tail, List<byte[]> more, long toSeq) throws SQLException {
    byte[] sealed = Sealed.seal(tail.joined(more));
    putHistory(ordinal, tail.fromSeq(), toSeq, tail.previousHash(), sealed);
  }

  /** Notes that this ordinal's events are a former chain of the execution, which is not listed. */
  void putFormer(long ordinal, ExecutionKey key) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO former VALUES (?, ?, ?)")) {
      insert.setLong(1, ordinal);
      insert.setString(2, key.tenant());
      insert.setString(3, key.id());
      insert.executeUpdate();
    }
  }

  /** The key of the chunk of this execution that begins with this event. */
  static long chunk(long ordinal, long fromSeq) {
    if (fromSeq >= 1L << CHUNK_SHIFT) {
      throw new IllegalStateException("more than 2^24 events of one execution");
    }
    return (ordinal << CHUNK_SHIFT) + fromSeq;
  }

  void putSnapshot(long ordinal, long seq, long epoch, long takenAt, byte[] sealed)
      throws SQLException {
    putSnapshot.setLong(1, ordinal);
    putSnapshot.setLong(2, seq);
    putSnapshot.setLong(3, takenAt);
    putSnapshot.setBytes(4, sealed);
    putSnapshot.setLong(5, epoch);
    putSnapshot.executeUpdate();
    writtenBytes += sealed.length + ROW_BYTES;
  }

  void putBase(long ordinal, long seq, long epoch, byte[] sealed) throws SQLException {
    putBase.setLong(1, ordinal);
    putBase.setLong(2, seq);
    putBase.setLong(3, epoch);
    putBase.setBytes(4, sealed);
    putBase.executeUpdate();
    writtenBytes += sealed.length + ROW_BYTES;
  }

  void deleteBase(long ordinal) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM base WHERE execution = ?")) {
      delete.setLong(1, ordinal);
      delete.executeUpdate();
    }
  }

  /** The writing connection, for statements that are rare. */
  Connection connection() {
    return connection;
  }

  void deleteSnapshot(long ordinal) throws SQLException {
    deleteSnapshot.setLong(1, ordinal);
    deleteSnapshot.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement :
        new PreparedStatement[] {
          begin,
          commit,
          insertJournal,
          trimJournal,
          insertExecution,
          updateExecution,
          insertAttribute,
          findEnded,
          putHistory,
          putSnapshot,
          deleteSnapshot,
          putBase
        }) {
      statement.close();
    }
  }
}
