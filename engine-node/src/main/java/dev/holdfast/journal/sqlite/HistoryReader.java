package dev.holdfast.journal.sqlite;

import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.HistoryDecoder;
import dev.holdfast.journal.codec.Sealed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;

/** Reads the chunks of one execution's history. */
final class HistoryReader {
  private static final String CHUNKS =
      "SELECT chunk, previous_hash, payload FROM history"
          + " WHERE chunk > ? AND chunk < ? AND to_seq > ? ORDER BY chunk";

  private HistoryReader() {}

  /** Tells whether to go on. */
  @FunctionalInterface
  interface Sink {
    boolean accept(HistoryItem item);
  }

  /**
   * Reads the chunks that hold events after {@code afterSeq}, each as a whole, in order, until the
   * sink has had enough of them. An event may come twice.
   *
   * @throws CodecException when a chunk is damaged
   */
  static void read(Connection connection, long ordinal, long afterSeq, Sink sink)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(CHUNKS)) {
      query.setLong(1, ordinal << WriteStatements.CHUNK_SHIFT);
      query.setLong(2, (ordinal + 1) << WriteStatements.CHUNK_SHIFT);
      query.setLong(3, afterSeq);
      try (ResultSet rows = query.executeQuery()) {
        var more = new boolean[] {true};
        while (more[0] && rows.next()) {
          long fromSeq = rows.getLong(1) - (ordinal << WriteStatements.CHUNK_SHIFT);
          chunk(
              fromSeq,
              TableScan.bytes(rows, 2),
              TableScan.bytes(rows, 3),
              item -> more[0] = sink.accept(item));
        }
      }
    }
  }

  /** Reads events that are in no chunk yet. */
  static void read(Live.Run tail, Sink sink) {
    new HistoryDecoder(tail.previousHash()).read(tail.payload(), sink::accept);
  }

  private static void chunk(
      long fromSeq, byte[] previousHash, byte[] sealed, Consumer<HistoryItem> items) {
    try {
      var decoder = new HistoryDecoder(previousHash);
      decoder.read(Sealed.open(sealed), items);
    } catch (CodecException e) {
      throw new CodecException("history from seq " + fromSeq + ": " + e.getMessage(), e);
    }
  }
}
