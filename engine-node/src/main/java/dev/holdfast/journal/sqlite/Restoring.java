package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.HistoryDecoder;
import dev.holdfast.journal.codec.Replay;
import dev.holdfast.journal.codec.SnapshotBody;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts one live execution together again: its snapshot, then the chunks and the journal rows after
 * it; without a usable snapshot, all of its events. Every step is checked against the chain of
 * hashes. Runs on any thread; one instance an execution.
 */
final class Restoring {
  private final SqliteDatabase database;
  private final PlanResolver plans;
  private final long ordinal;
  private final long nowMillis;
  private long epoch;

  Restoring(SqliteDatabase database, PlanResolver plans, long ordinal, long nowMillis) {
    this.database = database;
    this.plans = plans;
    this.ordinal = ordinal;
    this.nowMillis = nowMillis;
  }

  /** A journal row. */
  record Row(long lsn, long fromSeq, byte[] payload, byte[] hash) {}

  /** A decoded snapshot. */
  record Snapshot(ExecutionState state, byte[] hash, long epoch, long atMillis, int bytes) {}

  static Snapshot snapshot(byte[] sealed, long seq, long epoch, long atMillis, PlanResolver plans) {
    SnapshotBody body = SnapshotBody.open(sealed, seq, plans);
    return new Snapshot(body.state(), body.hash(), epoch, atMillis, body.bytes());
  }

  /**
   * The execution as it was.
   *
   * @param base where its chain begins; null: with the first event
   * @param rows its journal rows, in order; those that are in the snapshot are passed over
   * @throws CodecException when something of it is damaged or missing
   * @throws StoreException when the history can't be read, or its definition is missing
   */
  Live restore(ExecutionKey key, @Nullable Snapshot snapshot, @Nullable Base base, List<Row> rows) {
    Snapshot from = snapshot;
    if (snapshot == null && base != null) {
      from = snapshot(base.body(), base.seq(), base.epoch(), 0, plans);
    }
    var replay = new Replay(key, from == null ? null : from.state(), plans);
    byte[] hash = from == null ? EntryEncoder.genesis() : from.hash();
    epoch = from == null ? 0 : from.epoch();
    List<Row> after = rows.stream().filter(row -> row.fromSeq() > replay.seq()).toList();
    if (after.isEmpty() && from == null) {
      hash = replayChunks(replay, hash);
    }
    Tail tail = null;
    for (Row row : after) {
      if (row.fromSeq() > replay.seq() + 1) {
        // It had ended, whose events went straight into the history, and was begun again.
        hash = replayChunks(replay, hash);
        tail = null;
      }
      if (row.fromSeq() <= replay.seq()) {
        continue;
      }
      if (tail == null) {
        tail = new Tail(row.fromSeq(), hash, row.lsn(), nowMillis);
      }
      hash = replayRow(replay, hash, row);
      tail.add(row.payload());
    }
    ExecutionState state = replay.state();
    if (state == null) {
      throw new CodecException("none of its events can be found");
    }
    return live(state, hash, snapshot, base == null ? 0 : base.seq(), tail);
  }

  private void apply(Replay replay, HistoryItem item) {
    replay.apply(item);
    epoch = item.epoch();
  }

  private byte[] replayChunks(Replay replay, byte[] hash) {
    byte[][] head = {hash};
    database.read(
        "the history",
        connection -> {
          HistoryReader.read(
              connection,
              ordinal,
              replay.seq(),
              item -> {
                if (item.seq() > replay.seq()) {
                  apply(replay, item);
                  head[0] = item.hash();
                }
                return true;
              });
          return head;
        });
    return head[0];
  }

  private byte[] replayRow(Replay replay, byte[] hash, Row row) {
    try {
      var decoder = new HistoryDecoder(hash);
      decoder.read(row.payload(), item -> apply(replay, item));
      if (!Arrays.equals(decoder.hash(), row.hash())) {
        throw new CodecException("the chain of hashes does not hold");
      }
      return decoder.hash();
    } catch (CodecException e) {
      throw new CodecException(
          "journal row " + row.lsn() + " (seq " + row.fromSeq() + "): " + e.getMessage(), e);
    }
  }

  private Live live(
      ExecutionState state,
      byte[] hash,
      @Nullable Snapshot snapshot,
      long baseSeq,
      @Nullable Tail tail) {
    var live = new Live(ordinal, state, hash, epoch, baseSeq);
    if (snapshot != null) {
      live.snapshotTaken(snapshot.state().seq(), snapshot.atMillis(), snapshot.bytes());
    }
    if (tail != null) {
      live.begin(tail);
      live.sinceSnapshot(tail.bytes());
    }
    return live;
  }
}
