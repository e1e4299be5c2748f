package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.DamagedException;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StateStore.CheckpointInfo;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.Times;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.Replay;
import dev.holdfast.journal.codec.SnapshotBody;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads of single executions, by any thread: of live ones out of memory, of ended ones out of their
 * history.
 */
final class ExecutionReads {
  private final SqliteDatabase database;
  private final LiveIndex lives;
  private volatile Map<ExecutionKey, String> quarantined = Map.of();

  ExecutionReads(SqliteDatabase database, LiveIndex lives) {
    this.database = database;
    this.lives = lives;
  }

  /** These are live and damaged, for the reason given. */
  void quarantine(Map<ExecutionKey, String> damaged) {
    quarantined = damaged;
  }

  private record Place(
      long ordinal,
      boolean ended,
      long seq,
      byte @Nullable [] hash,
      long endedAt,
      @Nullable Base base) {}

  Optional<ExecutionEntry> load(ExecutionKey key, PlanResolver plans) {
    Live live = lives.find(key);
    if (live != null) {
      return Optional.of(entry(live.state(), live.hash()));
    }
    return database.read(
        key.text(),
        connection -> {
          Place place = place(connection, key);
          if (place == null) {
            return Optional.empty();
          }
          return Optional.of(
              place.ended() ? loadEnded(connection, key, place, plans) : loadStarting(key));
        });
  }

  private static ExecutionEntry entry(ExecutionState state, byte[] hash) {
    return new ExecutionEntry(state, hash, JournalEntry.durable());
  }

  /** One that the listing says is live, but that was not in memory a moment ago. */
  private ExecutionEntry loadStarting(ExecutionKey key) {
    Live live = lives.find(key);
    if (live != null) {
      return entry(live.state(), live.hash());
    }
    throw new DamagedException(
        key, quarantined.getOrDefault(key, "it is live and was not recovered"), null);
  }

  private static ExecutionEntry loadEnded(
      Connection connection, ExecutionKey key, Place place, PlanResolver plans)
      throws SQLException {
    byte[][] hash = {new byte[0]};
    try {
      var replay = new Replay(key, stateAt(place.base(), hash, plans), plans);
      HistoryReader.read(
          connection,
          place.ordinal(),
          0,
          item -> {
            if (item.seq() > replay.seq()) {
              replay.apply(item);
              hash[0] = item.hash();
            }
            return true;
          });
      ExecutionState state = replay.state();
      if (state == null || state.seq() != place.seq()) {
        throw new CodecException("events after seq " + replay.seq() + " are missing");
      }
      if (!Arrays.equals(hash[0], place.hash())) {
        throw new CodecException("the chain of hashes does not hold");
      }
      return entry(state, hash[0]);
    } catch (CodecException e) {
      throw damaged(key, e);
    }
  }

  private static @Nullable ExecutionState stateAt(
      @Nullable Base base, byte[][] hash, PlanResolver plans) {
    if (base == null) {
      return null;
    }
    SnapshotBody body = SnapshotBody.open(base.body(), base.seq(), plans);
    hash[0] = body.hash();
    return body.state();
  }

  private static StoreException damaged(ExecutionKey key, CodecException e) {
    return new DamagedException(key, String.valueOf(e.getMessage()), e);
  }

  List<HistoryItem> history(ExecutionKey key, long afterSeq, int limit) {
    Live live = lives.find(key);
    // The tail first: what leaves it meanwhile is in a chunk by then.
    Live.Run tail = live == null ? null : live.run();
    var items = new ArrayList<HistoryItem>();
    if (tail == null || afterSeq + 1 < tail.fromSeq()) {
      database.read(
          key.text(),
          connection -> {
            Place place = place(connection, key);
            if (place != null) {
              readChunks(connection, key, place.ordinal(), afterSeq, limit, items);
            }
            return items;
          });
    }
    if (tail != null && items.size() < limit) {
      HistoryReader.read(
          tail,
          item -> {
            add(items, item, afterSeq, limit);
            return true;
          });
    }
    return List.copyOf(items);
  }

  private static void readChunks(
      Connection connection,
      ExecutionKey key,
      long ordinal,
      long afterSeq,
      int limit,
      List<HistoryItem> items)
      throws SQLException {
    try {
      HistoryReader.read(
          connection,
          ordinal,
          afterSeq,
          item -> {
            add(items, item, afterSeq, limit);
            return items.size() < limit;
          });
    } catch (CodecException e) {
      throw damaged(key, e);
    }
  }

  /** Chunks and the tail may overlap: an event that is there already is passed over. */
  private static void add(List<HistoryItem> items, HistoryItem item, long afterSeq, int limit) {
    long last = items.isEmpty() ? afterSeq : items.getLast().seq();
    if (item.seq() > last && items.size() < limit) {
      items.add(item);
    }
  }

  Optional<CheckpointInfo> latestCheckpoint(ExecutionKey key) {
    Live live = lives.find(key);
    if (live != null) {
      Live.SnapshotMark mark = live.snapshotMark();
      return mark == null
          ? Optional.empty()
          : Optional.of(checkpoint(mark.seq(), Instant.ofEpochMilli(mark.atMillis())));
    }
    return database.read(
        key.text(),
        connection -> {
          Place place = place(connection, key);
          return place == null || !place.ended()
              ? Optional.empty()
              : Optional.of(checkpoint(place.seq(), Times.instant(place.endedAt())));
        });
  }

  private static CheckpointInfo checkpoint(long seq, Instant at) {
    return new CheckpointInfo("cp-" + seq, seq, at);
  }

  private static @Nullable Place place(Connection connection, ExecutionKey key)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT e.ordinal, e.ended_at IS NOT NULL, e.seq, e.hash, e.ended_at,"
                + " b.seq, b.epoch, b.body FROM execution e"
                + " LEFT JOIN base b ON b.execution = e.ordinal"
                + " WHERE e.tenant = ? AND e.id = ?")) {
      query.setString(1, key.tenant());
      query.setString(2, key.id());
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? new Place(
                row.getLong(1),
                row.getBoolean(2),
                row.getLong(3),
                row.getBytes(4),
                row.getLong(5),
                SqliteChains.base(row, 6))
            : null;
      }
    }
  }
}
