package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.ChainStore.Run;
import dev.holdfast.journal.codec.Beginnings.Piece;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.Sealed;
import dev.holdfast.journal.codec.SnapshotBody;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads former chains, by any thread. */
final class Formers {
  private Formers() {}

  static List<Piece> read(Connection connection, ExecutionKey key) throws SQLException {
    var pieces = new ArrayList<Piece>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT execution FROM former WHERE tenant = ? AND id = ? ORDER BY execution")) {
      query.setString(1, key.tenant());
      query.setString(2, key.id());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          pieces.add(read(connection, row.getLong(1)));
        }
      }
    }
    return pieces;
  }

  private static Piece read(Connection connection, long ordinal) throws SQLException {
    Base base = SqliteChains.readBase(connection, ordinal);
    var runs =
        new ArrayList<>(
            SqliteChains.chunks(connection, ordinal, (1L << WriteStatements.CHUNK_SHIFT) - 1));
    readQuarantined(connection, ordinal, base, runs);
    return new Piece(base, runs);
  }

  /** The end of one that could not be restored when the store was opened. */
  private static void readQuarantined(
      Connection connection, long ordinal, @Nullable Base base, List<Run> runs)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT from_seq, payload, hash FROM quarantine WHERE execution = ? ORDER BY lsn")) {
      query.setLong(1, ordinal);
      try (ResultSet row = query.executeQuery()) {
        byte[] previous = null;
        while (row.next()) {
          if (previous == null) {
            previous = hashBefore(connection, ordinal, base, row.getLong(1));
          }
          runs.add(new Run(previous, Sealed.seal(TableScan.bytes(row, 2))));
          previous = TableScan.bytes(row, 3);
        }
      }
    }
  }

  /** The hash of the event before this one; none where that is missing. */
  private static byte[] hashBefore(
      Connection connection, long ordinal, @Nullable Base base, long seq) throws SQLException {
    if (seq == 1) {
      return EntryEncoder.genesis();
    }
    if (base != null && base.seq() == seq - 1) {
      return SnapshotBody.hash(base.body());
    }
    byte[][] hash = {new byte[0]};
    HistoryReader.read(
        connection,
        ordinal,
        seq - 2,
        item -> {
          if (item.seq() == seq - 1) {
            hash[0] = item.hash();
          }
          return item.seq() < seq - 1;
        });
    return hash[0];
  }
}
