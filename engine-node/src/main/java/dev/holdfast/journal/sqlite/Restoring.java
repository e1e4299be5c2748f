package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.HistoryDecoder;
import dev.holdfast.journal.codec.Replay;
import dev.holdfast.journal.codec.Sealed;
import dev.holdfast.journal.codec.StateCodec;
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

  Restoring(SqliteDatabase database, PlanResolver plans, long ordinal, long nowMillis) {
    this.database = database;
    this.plans = plans;
    this.ordinal = ordinal;
    this.nowMillis = nowMillis;
  }

  /** A journal row. */
  record Row(long lsn, long fromSeq, byte[] payload, byte[] hash) {}

  /** A decoded snapshot. */
  record Snapshot(ExecutionState state, byte[] hash, long atMillis, int bytes) {}

  static Snapshot snapshot(byte[] sealed, long seq, long atMillis, PlanResolver plans) {
    byte[] body = Sealed.open(sealed);
    if (body.length < EntryEncoder.HASH_BYTES) {
      throw new CodecException("only " + body.length + " bytes");
    }
    byte[] encoded = Arrays.copyOfRange(body, EntryEncoder.HASH_BYTES, body.length);
    ExecutionState state = StateCodec.decode(encoded, plans);
    if (state.seq() != seq) {
      throw new CodecException("is of seq " + state.seq() + " and says " + seq);
    }
    return new Snapshot(
        state, Arrays.copyOf(body, EntryEncoder.HASH_BYTES), atMillis, encoded.length);
  }

  /**
   * The execution as it was.
   *
   * @param rows its journal rows, in order; those that are in the snapshot are passed over
   * @throws CodecException when something of it is damaged or missing
   * @throws StoreException when the history can't be read, or its definition is missing
   */
  Live restore(ExecutionKey key, @Nullable Snapshot snapshot, List<Row> rows) {
    var replay = new Replay(key, snapshot == null ? null : snapshot.state(), plans);
    byte[] hash = snapshot == null ? EntryEncoder.genesis() : snapshot.hash();
    List<Row> after = rows.stream().filter(row -> row.fromSeq() > replay.seq()).toList();
    if (after.isEmpty() ? snapshot == null : after.getFirst().fromSeq() > replay.seq() + 1) {
      hash = replayChunks(replay, hash);
    }
    Tail tail = null;
    for (Row row : after) {
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
    return live(state, hash, snapshot, tail);
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
                  replay.apply(item);
                  head[0] = item.hash();
                }
                return true;
              });
          return head;
        });
    return head[0];
  }

  private static byte[] replayRow(Replay replay, byte[] hash, Row row) {
    try {
      var decoder = new HistoryDecoder(hash);
      decoder.read(row.payload(), replay::apply);
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
      ExecutionState state, byte[] hash, @Nullable Snapshot snapshot, @Nullable Tail tail) {
    var live = new Live(ordinal, state, hash);
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
