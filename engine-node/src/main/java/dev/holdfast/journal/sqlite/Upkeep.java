package dev.holdfast.journal.sqlite;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.codec.SnapshotBody;
import dev.holdfast.journal.codec.StateCodec;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints that are due and the journal's trimming, in slices that fit between commits. A
 * checkpoint moves an execution's tail into its history, and takes a snapshot where that is worth
 * its bytes: what is written stays proportional to the events, however large the state is.
 */
final class Upkeep {
  /** A tail of this many bytes is moved into the history whatever its age. */
  static final int CHUNK_BYTES = 64 << 10;

  /** A snapshot up to this size is taken at every checkpoint, for the sake of a fast start. */
  private static final int SMALL_SNAPSHOT_BYTES = 16 << 10;

  /** A larger one by age, when the events since the last come to this part of it. */
  private static final int AGED_SNAPSHOT_PART = 4;

  /** So old may the oldest event of a tail get. */
  private static final long AGE_MILLIS_MAX = 60_000;

  /** So many rows may the journal have before the oldest tails are moved, which bounds recovery. */
  private static final long JOURNAL_ROWS_MAX = 100_000;

  /** With many executions at work the journal may be longer: this many rows for each. */
  private static final long JOURNAL_ROWS_PER_TAIL = 4;

  /** Journal rows removed at once. */
  private static final long TRIM_ROWS = 2_000;

  /** So few are left where they are: removing them would take a commit that others wait for. */
  private static final long LEFT_ROWS = 64;

  private final LiveIndex lives;
  private final WriteStatements sql;
  private final LongAdder checkpoints = new LongAdder();

  Upkeep(LiveIndex lives, WriteStatements sql) {
    this.lives = lives;
    this.sql = sql;
  }

  /**
   * What a slice wrote; {@link #apply} follows the commit.
   *
   * @param more whether there is more to do at once
   */
  record Slice(List<Checkpoint> checkpoints, long trimBelowLsn, boolean more) {
    boolean isEmpty() {
      return checkpoints.isEmpty() && trimBelowLsn == 0;
    }
  }

  /**
   * @param snapshotBytes encoded size of the snapshot; 0: none was taken
   */
  private record Checkpoint(Live live, long seq, long atMillis, int snapshotBytes) {}

  /** Whether {@link #write} would find something to do in a quiet moment. */
  boolean isDue(long nowMillis) {
    return next(nowMillis) != null || trimTarget(true) > 0;
  }

  /**
   * Writes within the transaction at hand, for about as long as is given.
   *
   * @param quiet whether nothing else waits, so that the last few rows can be trimmed too
   */
  Slice write(long nowMillis, long nanosMax, boolean quiet) throws SQLException {
    long begun = System.nanoTime();
    var done = new ArrayList<Checkpoint>();
    long trimBelow = trimTarget(quiet);
    if (trimBelow > 0) {
      sql.trimJournal(trimBelow);
    }
    boolean more = true;
    try {
      while (more && System.nanoTime() - begun < nanosMax) {
        Live live = next(nowMillis);
        if (live == null) {
          more = false;
        } else {
          // Marked so that it is not picked again before the commit.
          live.inBatch(true);
          done.add(checkpoint(live, nowMillis));
        }
      }
    } finally {
      for (Checkpoint checkpoint : done) {
        checkpoint.live().inBatch(false);
      }
    }
    return new Slice(
        done,
        trimBelow,
        more || lives.neededFromLsn() - Math.max(trimBelow, lives.trimmedBelowLsn()) >= TRIM_ROWS);
  }

  /** Checkpoints committed; any thread may ask. */
  long checkpointCount() {
    return checkpoints.sum();
  }

  void apply(Slice slice) {
    checkpoints.add(slice.checkpoints().size());
    for (Checkpoint checkpoint : slice.checkpoints()) {
      Live live = checkpoint.live();
      live.archived();
      lives.clean(live);
      if (checkpoint.snapshotBytes() > 0) {
        live.snapshotTaken(checkpoint.seq(), checkpoint.atMillis(), checkpoint.snapshotBytes());
      }
    }
    if (slice.trimBelowLsn() > 0) {
      lives.trimmedBelowLsn(slice.trimBelowLsn());
    }
  }

  private @Nullable Live next(long nowMillis) {
    for (Live live : lives.large()) {
      if (!live.inBatch() && live.tail() != null) {
        return live;
      }
    }
    long rowsMax = Math.max(JOURNAL_ROWS_MAX, JOURNAL_ROWS_PER_TAIL * lives.dirty().size());
    for (Live live : lives.dirty()) {
      Tail tail = live.tail();
      if (tail == null) {
        continue;
      }
      boolean due =
          nowMillis - tail.sinceMillis() >= AGE_MILLIS_MAX
              || lives.nextLsn() - tail.firstLsn() > rowsMax;
      if (!due) {
        return null;
      }
      if (!live.inBatch()) {
        return live;
      }
    }
    return null;
  }

  private Checkpoint checkpoint(Live live, long nowMillis) throws SQLException {
    ExecutionState state = live.state();
    Tail tail = live.tail();
    if (tail != null) {
      sql.putTail(live.ordinal(), tail, List.of(), state.seq());
    }
    int snapshotBytes = 0;
    if (isSnapshotWorthwhile(live)) {
      byte[] encoded = StateCodec.encode(state);
      sql.putSnapshot(
          live.ordinal(),
          state.seq(),
          live.epoch(),
          nowMillis,
          SnapshotBody.seal(live.hash(), encoded));
      snapshotBytes = encoded.length;
    }
    return new Checkpoint(live, state.seq(), nowMillis, snapshotBytes);
  }

  private static boolean isSnapshotWorthwhile(Live live) {
    int last = live.snapshotBytes();
    int since = live.bytesSinceSnapshot();
    Tail tail = live.tail();
    boolean bySize = tail != null && tail.bytes() >= CHUNK_BYTES;
    return bySize
        ? since >= Math.max(CHUNK_BYTES, last)
        : last <= SMALL_SNAPSHOT_BYTES || since >= last / AGED_SNAPSHOT_PART;
  }

  /** Where to trim to now; 0: not worth it yet. */
  private long trimTarget(boolean quiet) {
    long from = lives.trimmedBelowLsn();
    long needed = lives.neededFromLsn();
    if (needed - from >= TRIM_ROWS) {
      return from + TRIM_ROWS;
    }
    return quiet && needed - from > LEFT_ROWS ? needed : 0;
  }
}
