package dev.holdfast.journal.postgres;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.DamagedException;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StateStore.CheckpointInfo;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.HistoryDecoder;
import dev.holdfast.journal.codec.SealedState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads of single executions. */
final class ExecutionReads {
  private static final String PLACE =
      "SELECT e.ordinal, s.seq, s.taken_at, s.body FROM execution e"
          + " LEFT JOIN snapshot s ON s.execution = e.ordinal WHERE e.tenant = ? AND e.id = ?";

  private static final String ROWS =
      "SELECT from_seq, payload, hash FROM journal WHERE execution = ? AND from_seq > ?"
          + " ORDER BY from_seq";

  /** From the row before the one that has the wanted seq: with its hash the chain is checked. */
  private static final String HISTORY =
      "SELECT j.from_seq, j.to_seq, j.payload, j.hash FROM execution e"
          + " JOIN journal j ON j.execution = e.ordinal"
          + " WHERE e.tenant = ? AND e.id = ? AND j.from_seq >= coalesce((SELECT min(b.from_seq)"
          + " FROM (SELECT from_seq FROM journal WHERE execution = e.ordinal AND from_seq <= ?"
          + " ORDER BY from_seq DESC LIMIT 2) b), 1) ORDER BY j.from_seq LIMIT ?";

  private static final String CHECKPOINT =
      "SELECT s.seq, s.taken_at FROM execution e JOIN snapshot s ON s.execution = e.ordinal"
          + " WHERE e.tenant = ? AND e.id = ?";

  private ExecutionReads() {}

  private record Place(long ordinal, long snapshotSeq, byte @Nullable [] snapshot) {}

  static Optional<ExecutionEntry> load(Connection connection, ExecutionKey key, PlanResolver plans)
      throws SQLException {
    Place place = place(connection, key);
    if (place == null) {
      return Optional.empty();
    }
    SealedState snapshot = snapshot(place, plans);
    long after = snapshot == null ? 0 : snapshot.state().seq();
    List<Restoring.Row> rows = rows(connection, place.ordinal(), after);
    if (snapshot == null && rows.isEmpty() && place(connection, key) == null) {
      // Purged in between.
      return Optional.empty();
    }
    try {
      return Optional.of(Restoring.restore(key, snapshot, rows, plans));
    } catch (CodecException e) {
      throw damaged(key, e);
    }
  }

  private static StoreException damaged(ExecutionKey key, CodecException e) {
    return new DamagedException(key, String.valueOf(e.getMessage()), e);
  }

  private static @Nullable Place place(Connection connection, ExecutionKey key)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(PLACE)) {
      query.setString(1, key.tenant());
      query.setString(2, key.id());
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? new Place(row.getLong(1), row.getLong(2), row.getBytes(4)) : null;
      }
    }
  }

  /** Null: none, or a damaged one, in whose place all of the events serve. */
  private static @Nullable SealedState snapshot(Place place, PlanResolver plans) {
    byte[] body = place.snapshot();
    if (body == null) {
      return null;
    }
    try {
      return SealedState.open(body, place.snapshotSeq(), plans);
    } catch (CodecException _) {
      return null;
    }
  }

  private static List<Restoring.Row> rows(Connection connection, long ordinal, long afterSeq)
      throws SQLException {
    var rows = new ArrayList<Restoring.Row>();
    try (PreparedStatement query = connection.prepareStatement(ROWS)) {
      query.setLong(1, ordinal);
      query.setLong(2, afterSeq);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          rows.add(new Restoring.Row(row.getLong(1), row.getBytes(2), row.getBytes(3)));
        }
      }
    }
    return rows;
  }

  static List<HistoryItem> history(
      Connection connection, ExecutionKey key, long afterSeq, int limit) throws SQLException {
    var items = new ArrayList<HistoryItem>();
    try (PreparedStatement query = connection.prepareStatement(HISTORY)) {
      query.setString(1, key.tenant());
      query.setString(2, key.id());
      query.setLong(3, afterSeq);
      // Each row has an event at least, but for the one before and the one that has the wanted seq.
      query.setLong(4, limit + 2L);
      try (ResultSet row = query.executeQuery()) {
        HistoryDecoder decoder = null;
        while (items.size() < limit && row.next()) {
          long fromSeq = row.getLong(1);
          byte[] hash = row.getBytes(4);
          if (decoder == null && fromSeq == 1) {
            decoder = new HistoryDecoder(EntryEncoder.genesis());
          }
          if (decoder == null) {
            decoder = new HistoryDecoder(hash);
          } else if (row.getLong(2) <= afterSeq) {
            decoder.reset(hash);
          } else {
            decode(decoder, row.getBytes(3), hash, items, afterSeq, limit);
          }
        }
      }
    } catch (CodecException e) {
      throw damaged(key, e);
    }
    return List.copyOf(items);
  }

  private static void decode(
      HistoryDecoder decoder,
      byte[] payload,
      byte[] hash,
      List<HistoryItem> items,
      long afterSeq,
      int limit) {
    long[] next = {items.isEmpty() ? 0 : items.getLast().seq() + 1};
    decoder.read(
        payload,
        item -> {
          if (next[0] != 0 && item.seq() != next[0]) {
            throw new CodecException("event " + next[0] + " is missing");
          }
          next[0] = item.seq() + 1;
          if (item.seq() > afterSeq && items.size() < limit) {
            items.add(item);
          }
        });
    if (!Arrays.equals(decoder.hash(), hash)) {
      throw new CodecException("the chain of hashes does not hold");
    }
  }

  static Optional<CheckpointInfo> latestCheckpoint(Connection connection, ExecutionKey key)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(CHECKPOINT)) {
      query.setString(1, key.tenant());
      query.setString(2, key.id());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        long seq = row.getLong(1);
        Instant at = Instant.ofEpochMilli(row.getLong(2));
        return Optional.of(new CheckpointInfo("cp-" + seq, seq, at));
      }
    }
  }
}
