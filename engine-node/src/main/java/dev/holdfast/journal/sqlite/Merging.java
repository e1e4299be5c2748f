package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionHeader;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Merged;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.Times;
import dev.holdfast.journal.codec.CheckedChain;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.Sealed;
import dev.holdfast.journal.codec.SnapshotBody;
import dev.holdfast.journal.codec.StateCodec;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes chains over from other stores, and forgets those that others have. */
final class Merging {
  /** Executions dropped with one commit: bounds how long commits of the journal wait. */
  private static final int DROPS_MAX = 50;

  /** Chains taken over with one commit. */
  private static final int CHAINS_MAX = 32;

  private final SqliteDatabase database;
  private final SqliteWriter writer;
  private final LiveIndex lives;
  private final InstantSource clock;

  /** Within a write. */
  private long nextOrdinal;

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

  /** A chain on its way in; the checked form is made for this base of the store's own. */
  private record Incoming(int index, Chain chain, CheckedChain checked, long baseSeq) {}

  /**
   * @param orReplace whether the given chain may replace the store's
   */
  List<Merged> merge(List<Chain> chains, PlanResolver plans, boolean orReplace) {
    var merged = new Merged[chains.size()];
    var left = new ArrayDeque<Integer>();
    for (int i = 0; i < merged.length; i++) {
      left.add(i);
    }
    while (!left.isEmpty()) {
      var slice = new ArrayList<Incoming>();
      while (!left.isEmpty() && slice.size() < CHAINS_MAX) {
        int index = left.remove();
        Chain chain = chains.get(index);
        try {
          slice.add(check(index, chain, plans));
        } catch (CodecException | StoreException e) {
          merged[index] = new Merged(null, chain.head().key() + ": " + e.getMessage());
        }
      }
      for (Incoming one : write(slice, orReplace, merged)) {
        left.add(one.index());
      }
    }
    return List.of(merged);
  }

  private Incoming check(int index, Chain chain, PlanResolver plans) {
    Own own = own(chain.head().key());
    long baseSeq = own == null ? 0 : own.baseSeq();
    return new Incoming(index, chain, CheckedChain.of(chain, plans, baseSeq), baseSeq);
  }

  /** Writes with one commit. Returns those whose base has become another one since the check. */
  private List<Incoming> write(List<Incoming> slice, boolean orReplace, Merged[] merged) {
    var again = new ArrayList<Incoming>();
    writer.lock().lock();
    try {
      var writes = new ArrayList<SqliteWriter.Write>();
      for (Incoming one : slice) {
        Own own = own(one.chain().head().key());
        if ((own == null ? 0 : own.baseSeq()) == one.baseSeq()) {
          write(one.checked(), own, orReplace).ifPresent(writes::add);
        } else {
          again.add(one);
        }
      }
      if (!writes.isEmpty()) {
        writer.write("chains", () -> all(writes));
      }
      slice.removeAll(again);
      for (Incoming one : slice) {
        Live live = lives.find(one.chain().head().key());
        merged[one.index()] = new Merged(live == null ? null : entry(live), null);
      }
    } finally {
      writer.lock().unlock();
    }
    return again;
  }

  private Runnable all(List<SqliteWriter.Write> writes) throws SQLException {
    nextOrdinal = lives.nextOrdinal();
    var afterwards = new ArrayList<Runnable>();
    for (SqliteWriter.Write write : writes) {
      afterwards.add(write.run());
    }
    return () -> {
      afterwards.forEach(Runnable::run);
      lives.advance(lives.nextLsn(), nextOrdinal);
    };
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

  /** What there is to write; empty: the store's own chain stays as it is. */
  private Optional<SqliteWriter.Write> write(
      CheckedChain checked, @Nullable Own own, boolean orReplace) {
    Base ownBase = own == null ? null : own.base();
    if (own != null && ownBase != null && checked.reachesBefore(ownBase)) {
      return Optional.of(() -> fill(checked, own, ownBase));
    }
    boolean wanted = own == null ? !isPurged(checked) : checked.head().isBetterThan(own.head());
    return orReplace && wanted ? Optional.of(() -> put(checked, own)) : Optional.empty();
  }

  /** Whether this very execution was here and has been purged, not an earlier one of its id. */
  private boolean isPurged(CheckedChain checked) {
    ExecutionHeader header = checked.state().header();
    return database.read(
        "tombstones",
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT 1 FROM tombstone WHERE tenant = ? AND id = ? AND started_at = ?")) {
            query.setString(1, header.key().tenant());
            query.setString(2, header.key().id());
            query.setLong(3, Times.nanos(header.startedAt()));
            try (ResultSet row = query.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  private Runnable fill(CheckedChain checked, Own own, Base ownBase) throws SQLException {
    WriteStatements sql = writer.sql();
    putParts(own.ordinal(), checked, ownBase.seq());
    Base base = checked.base();
    if (base == null) {
      sql.deleteBase(own.ordinal());
      try (var erasing = new Erasing(sql.connection())) {
        erasing.eraseFormers(own.ordinal());
      }
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
    clearWay(checked, own);
    long ordinal = nextOrdinal++;
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

  /** What is here of the execution goes, or, where the chain that comes may need it, is former. */
  private void clearWay(CheckedChain checked, @Nullable Own own) throws SQLException {
    try (var erasing = new Erasing(writer.sql().connection())) {
      // Found by its key, since it may be one that could not be restored.
      long before = erasing.find(checked.state().key());
      if (before == 0) {
        return;
      }
      if (checked.base() == null) {
        erasing.erase(before);
      } else {
        Live live = own == null ? null : own.live();
        Tail tail = live == null ? null : live.tail();
        if (live != null && tail != null) {
          writer.sql().putTail(before, tail, List.of(), live.state().seq());
        }
        erasing.makeFormer(before);
      }
    }
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
