package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.codec.CheckedChain;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.Sealed;
import dev.holdfast.journal.codec.SnapshotBody;
import dev.holdfast.journal.codec.StateCodec;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes chains over from other stores, and forgets those that others have. */
final class Merging {
  /** Executions dropped with one commit: bounds how long commits of the journal wait. */
  private static final int DROPS_MAX = 50;

  private final SqliteDatabase database;
  private final SqliteWriter writer;
  private final LiveIndex lives;
  private final InstantSource clock;

  Merging(SqliteDatabase database, SqliteWriter writer, LiveIndex lives, InstantSource clock) {
    this.database = database;
    this.writer = writer;
    this.lives = lives;
    this.clock = clock;
  }

  /** What the store has of an execution. */
  private record Own(@Nullable Live live, long ordinal, ChainHead head, @Nullable Base base) {
    long baseSeq() {
      return base == null ? 0 : base.seq();
    }
  }

  Optional<ExecutionEntry> merge(Chain chain, PlanResolver plans) {
    ExecutionKey key = chain.head().key();
    try {
      while (true) {
        Own before = own(key);
        long boundary = before == null ? 0 : before.baseSeq();
        CheckedChain checked = CheckedChain.of(chain, plans, boundary);
        writer.lock().lock();
        try {
          Own own = own(key);
          if ((own == null ? 0 : own.baseSeq()) == boundary) {
            merge(checked, own);
            Live live = lives.find(key);
            return Optional.ofNullable(live).map(Merging::entry);
          }
        } finally {
          writer.lock().unlock();
        }
      }
    } catch (CodecException e) {
      throw new StoreException(
          "the chain of " + key + " from elsewhere is damaged: " + e.getMessage(), e);
    }
  }

  private static ExecutionEntry entry(Live live) {
    synchronized (live) {
      return new ExecutionEntry(live.state(), live.hash(), JournalEntry.durable());
    }
  }

  private @Nullable Own own(ExecutionKey key) {
    Live live = lives.find(key);
    return database.read(
        key.text(),
        connection -> {
          if (live != null) {
            Base base =
                live.baseSeq() == 0 ? null : SqliteChains.readBase(connection, live.ordinal());
            return new Own(live, live.ordinal(), live.head(), base);
          }
          SqliteChains.Ended ended = SqliteChains.findEnded(connection, key);
          if (ended == null) {
            return null;
          }
          long ordinal = ended.ordinal();
          Base base = ended.head().complete() ? null : SqliteChains.readBase(connection, ordinal);
          return new Own(null, ordinal, ended.head(), base);
        });
  }

  private void merge(CheckedChain checked, @Nullable Own own) {
    Base ownBase = own == null ? null : own.base();
    if (own != null && ownBase != null && reachesBefore(checked, ownBase)) {
      writer.write("the history of " + own.head().key(), () -> fill(checked, own, ownBase));
    } else if (own == null || checked.head().isBetterThan(own.head())) {
      writer.write("the chain of " + checked.head().key(), () -> put(checked, own));
    }
  }

  private static boolean reachesBefore(CheckedChain checked, Base ownBase) {
    Base base = checked.base();
    return (base == null || base.seq() < ownBase.seq())
        && checked.leadsTo(SnapshotBody.hash(ownBase.body()));
  }

  private Runnable fill(CheckedChain checked, Own own, Base ownBase) throws SQLException {
    WriteStatements sql = writer.sql();
    putParts(own.ordinal(), checked, ownBase.seq());
    Base base = checked.base();
    if (base == null) {
      sql.deleteBase(own.ordinal());
    } else {
      sql.putBase(own.ordinal(), base.seq(), base.epoch(), base.body());
    }
    Live live = own.live();
    if (live == null) {
      return () -> {};
    }
    boolean needsSnapshot = !live.hasSnapshot();
    long nowMillis = clock.millis();
    if (needsSnapshot) {
      sql.putSnapshot(own.ordinal(), ownBase.seq(), ownBase.epoch(), nowMillis, ownBase.body());
    }
    return () -> {
      live.baseSeq(base == null ? 0 : base.seq());
      if (needsSnapshot) {
        int since = live.bytesSinceSnapshot();
        int bytes = Sealed.open(ownBase.body()).length;
        live.snapshotTaken(ownBase.seq(), nowMillis, bytes);
        live.sinceSnapshot(since);
      }
    };
  }

  private Runnable put(CheckedChain checked, @Nullable Own own) throws SQLException {
    WriteStatements sql = writer.sql();
    ExecutionState state = checked.state();
    try (var erasing = new Erasing(sql.connection())) {
      // Found by its key, since it may be one that could not be restored.
      long before = erasing.find(state.key());
      if (before > 0) {
        erasing.erase(before);
      }
    }
    long ordinal = lives.nextOrdinal();
    sql.insertExecution(ordinal, state, checked.hash(), checked.epoch());
    putParts(ordinal, checked, Long.MAX_VALUE);
    Base base = checked.base();
    if (base != null) {
      sql.putBase(ordinal, base.seq(), base.epoch(), base.body());
    }
    long baseSeq = base == null ? 0 : base.seq();
    var live = new Live(ordinal, state, checked.hash(), checked.epoch(), baseSeq);
    boolean ended = state.status().isEnded();
    if (!ended) {
      byte[] encoded = StateCodec.encode(state);
      long nowMillis = clock.millis();
      sql.putSnapshot(
          ordinal,
          state.seq(),
          checked.epoch(),
          nowMillis,
          SnapshotBody.seal(checked.hash(), encoded));
      live.snapshotTaken(state.seq(), nowMillis, encoded.length);
    }
    Live liveBefore = own == null ? null : own.live();
    return () -> {
      lives.advance(lives.nextLsn(), ordinal + 1);
      if (liveBefore == null) {
        if (!ended) {
          lives.put(live);
        }
      } else if (ended) {
        lives.remove(liveBefore);
      } else {
        lives.replace(liveBefore, live);
      }
    };
  }

  private void putParts(long ordinal, CheckedChain checked, long seqMax) throws SQLException {
    for (CheckedChain.Part part : checked.parts()) {
      if (part.toSeq() <= seqMax) {
        byte[] sealed = Sealed.seal(part.payload());
        writer.sql().putHistory(ordinal, part.fromSeq(), part.toSeq(), part.previousHash(), sealed);
      }
    }
  }

  int drop(Collection<ChainHead> heads) {
    int dropped = 0;
    List<ChainHead> all = List.copyOf(heads);
    for (int from = 0; from < all.size(); from += DROPS_MAX) {
      List<ChainHead> slice = all.subList(from, Math.min(all.size(), from + DROPS_MAX));
      int[] count = {0};
      writer.write("what other members have", () -> dropSlice(slice, count));
      dropped += count[0];
    }
    return dropped;
  }

  private Runnable dropSlice(List<ChainHead> slice, int[] count) throws SQLException {
    var gone = new ArrayList<Live>();
    try (var erasing = new Erasing(writer.sql().connection())) {
      for (ChainHead head : slice) {
        Own own = own(head.key());
        if (own != null && own.head().isSameAs(head)) {
          erasing.erase(own.ordinal());
          count[0]++;
          if (own.live() != null) {
            gone.add(own.live());
          }
        }
      }
    }
    return () -> gone.forEach(lives::remove);
  }
}
