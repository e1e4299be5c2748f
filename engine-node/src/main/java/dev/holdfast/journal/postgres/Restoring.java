package dev.holdfast.journal.postgres;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.HistoryDecoder;
import dev.holdfast.journal.codec.Replay;
import dev.holdfast.journal.codec.SealedState;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts an execution together again out of its newest snapshot and the rows after it, every step
 * checked against the chain of hashes.
 */
final class Restoring {
  private Restoring() {}

  /** A journal row. */
  record Row(long fromSeq, byte[] payload, byte[] hash) {}

  /**
   * The execution as it was.
   *
   * @param snapshot null: there is none, and the rows are all there are
   * @param rows in order
   * @throws CodecException when something of it is damaged or missing
   * @throws dev.holdfast.journal.StoreException when its definition is missing
   */
  static ExecutionEntry restore(
      ExecutionKey key, @Nullable SealedState snapshot, List<Row> rows, PlanResolver plans) {
    var replay = new Replay(key, snapshot == null ? null : snapshot.state(), plans);
    var decoder = new HistoryDecoder(snapshot == null ? EntryEncoder.genesis() : snapshot.hash());
    for (Row row : rows) {
      try {
        decoder.read(row.payload(), replay::apply);
        if (!Arrays.equals(decoder.hash(), row.hash())) {
          throw new CodecException("the chain of hashes does not hold");
        }
      } catch (CodecException e) {
        throw new CodecException("events from seq " + row.fromSeq() + ": " + e.getMessage(), e);
      }
    }
    ExecutionState state = replay.state();
    if (state == null) {
      throw new CodecException("none of its events can be found");
    }
    return new ExecutionEntry(state, decoder.hash(), JournalEntry.durable());
  }
}
