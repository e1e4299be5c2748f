package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.DamagedException;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.Replay;
import dev.holdfast.journal.codec.SnapshotBody;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a live execution together from the disk though it is in memory, as a recovery would: its
 * snapshot, then the chunks after it; without a usable snapshot, all of its events. Those that are
 * in no chunk yet come from memory, from where the next chunk is made. For any thread; one instance
 * an execution.
 */
final class ReadingBack {
  private static final Logger LOG = LoggerFactory.getLogger(ReadingBack.class);

  private final ExecutionKey key;
  private final Live live;
  private final PlanResolver plans;
  private byte[] hash = EntryEncoder.genesis();

  ReadingBack(ExecutionKey key, Live live, PlanResolver plans) {
    this.key = key;
    this.live = live;
    this.plans = plans;
  }

  /**
   * The execution as it is on the disk, which is as far as it is in memory or further.
   *
   * @throws DamagedException when something of it is damaged or missing
   */
  ExecutionEntry run(SqliteDatabase database) {
    // The tail first: what leaves it meanwhile is in a chunk by then.
    Live.HeadAndRun now = live.headAndRun();
    return database.read(
        key.text(),
        connection -> {
          try {
            return replayed(connection, now);
          } catch (CodecException e) {
            throw new DamagedException(key, String.valueOf(e.getMessage()), e);
          } catch (SQLException e) {
            if (TableScan.isDamage(e)) {
              throw new DamagedException(key, String.valueOf(e.getMessage()), e);
            }
            throw e;
          }
        });
  }

  private ExecutionEntry replayed(Connection connection, Live.HeadAndRun now) throws SQLException {
    var replay = new Replay(key, begin(connection), plans);
    HistoryReader.read(
        connection,
        live.ordinal(),
        replay.seq(),
        item -> {
          apply(replay, item);
          return true;
        });
    Live.Run tail = now.run();
    if (tail != null) {
      HistoryReader.read(
          tail,
          item -> {
            apply(replay, item);
            return true;
          });
    }
    ExecutionState state = replay.state();
    if (state == null || state.seq() < now.head().seq()) {
      throw new CodecException("events after seq " + replay.seq() + " are missing");
    }
    if (state.seq() == now.head().seq() && !Arrays.equals(hash, now.head().hash())) {
      throw new CodecException("the chain of hashes does not hold");
    }
    return new ExecutionEntry(state, hash, JournalEntry.durable());
  }

  private void apply(Replay replay, HistoryItem item) {
    if (item.seq() > replay.seq()) {
      replay.apply(item);
      hash = item.hash();
    }
  }

  /** Where the replay begins; null: before the first event. */
  private @Nullable ExecutionState begin(Connection connection) throws SQLException {
    SnapshotBody snapshot = snapshot(connection);
    if (snapshot == null) {
      var base = SqliteChains.readBase(connection, live.ordinal());
      snapshot = base == null ? null : SnapshotBody.open(base.body(), base.seq(), plans);
    }
    if (snapshot == null) {
      return null;
    }
    hash = snapshot.hash();
    return snapshot.state();
  }

  private @Nullable SnapshotBody snapshot(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT seq, body FROM snapshot WHERE execution = ?")) {
      query.setLong(1, live.ordinal());
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? SnapshotBody.open(TableScan.bytes(row, 2), row.getLong(1), plans)
            : null;
      }
    } catch (CodecException e) {
      LOG.warn("the snapshot of {} is damaged, its history is used instead", key, e);
      return null;
    }
  }
}
