package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ChainStore.Base;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Gap;
import dev.holdfast.journal.ChainStore.HeadPage;
import dev.holdfast.journal.ChainStore.Run;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.codec.Beginnings;
import dev.holdfast.journal.codec.Beginnings.Piece;
import dev.holdfast.journal.codec.CodecException;
import dev.holdfast.journal.codec.Sealed;
import dev.holdfast.journal.codec.SnapshotBody;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads of chains and their heads, by any thread: of live ones out of memory and their chunks. */
final class SqliteChains {
  private static final String ENDED =
      "SELECT e.ordinal, e.tenant, e.id, e.seq, COALESCE(e.epoch, 0), e.hash, b.seq IS NULL"
          + " FROM execution e LEFT JOIN base b ON b.execution = e.ordinal"
          + " WHERE e.ended_at IS NOT NULL";

  private final SqliteDatabase database;
  private final LiveIndex lives;

  SqliteChains(SqliteDatabase database, LiveIndex lives) {
    this.database = database;
    this.lives = lives;
  }

  /** An ended execution's place. */
  record Ended(long ordinal, ChainHead head) {}

  Stream<ChainHead> liveHeads() {
    return lives.all().map(Live::head).filter(head -> !head.ended());
  }

  HeadPage incompleteHeads(long from, int limit) {
    var keys = new ArrayList<ExecutionKey>();
    long last =
        database.read(
            "incomplete chains",
            connection -> {
              long ordinal = 0;
              try (PreparedStatement query =
                  connection.prepareStatement(
                      "SELECT b.execution, e.tenant, e.id FROM base b"
                          + " CROSS JOIN execution e ON e.ordinal = b.execution"
                          + " WHERE b.execution > ? ORDER BY b.execution LIMIT ?")) {
                query.setLong(1, from);
                query.setInt(2, limit);
                try (ResultSet row = query.executeQuery()) {
                  while (row.next()) {
                    ordinal = row.getLong(1);
                    keys.add(new ExecutionKey(row.getString(2), row.getString(3)));
                  }
                }
              }
              return ordinal;
            });
    List<ChainHead> heads =
        keys.stream()
            .map(this::head)
            .flatMap(Optional::stream)
            .filter(head -> !head.complete())
            .toList();
    return new HeadPage(heads, keys.size() < limit ? 0 : last);
  }

  boolean isPurged(ExecutionKey key) {
    return head(key).isEmpty()
        && database.read(
            key.text(),
            connection -> {
              try (PreparedStatement query =
                  connection.prepareStatement(
                      "SELECT 1 FROM tombstone WHERE tenant = ? AND id = ?")) {
                query.setString(1, key.tenant());
                query.setString(2, key.id());
                try (ResultSet row = query.executeQuery()) {
                  return row.next();
                }
              }
            });
  }

  HeadPage endedHeads(long from, int limit) {
    return database.read(
        "the heads of chains",
        connection -> {
          var heads = new ArrayList<ChainHead>();
          long last = 0;
          try (PreparedStatement query =
              connection.prepareStatement(
                  ENDED + " AND e.ordinal > ? ORDER BY e.ordinal LIMIT ?")) {
            query.setLong(1, from);
            query.setInt(2, limit);
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                Ended ended = ended(row);
                heads.add(ended.head());
                last = ended.ordinal();
              }
            }
          }
          return new HeadPage(List.copyOf(heads), heads.size() < limit ? 0 : last);
        });
  }

  private static Ended ended(ResultSet row) throws SQLException {
    return new Ended(
        row.getLong(1),
        new ChainHead(
            new ExecutionKey(row.getString(2), row.getString(3)),
            row.getLong(4),
            row.getLong(5),
            TableScan.bytes(row, 6),
            row.getBoolean(7),
            true));
  }

  Optional<ChainHead> head(ExecutionKey key) {
    Live live = lives.find(key);
    if (live != null) {
      return Optional.of(live.head());
    }
    return database.read(
        key.text(), connection -> Optional.ofNullable(findEnded(connection, key)).map(Ended::head));
  }

  static @Nullable Ended findEnded(Connection connection, ExecutionKey key) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(ENDED + " AND e.tenant = ? AND e.id = ?")) {
      query.setString(1, key.tenant());
      query.setString(2, key.id());
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? ended(row) : null;
      }
    }
  }

  Optional<Chain> chain(ExecutionKey key) {
    Live live = lives.find(key);
    // The tail first: what leaves it meanwhile is in a chunk by then, which begins no earlier.
    Live.HeadAndRun end = live == null ? null : live.headAndRun();
    return database.read(
        key.text(),
        connection -> {
          if (live != null && end != null) {
            Live.Run tail = end.run();
            long chunksTo = tail == null ? end.head().seq() : tail.fromSeq() - 1;
            return Optional.of(chain(connection, live.ordinal(), end.head(), chunksTo, tail));
          }
          Ended ended = findEnded(connection, key);
          return ended == null
              ? Optional.empty()
              : Optional.of(
                  chain(connection, ended.ordinal(), ended.head(), ended.head().seq(), null));
        });
  }

  Optional<Gap> gap(ExecutionKey key) {
    Base base = database.read(key.text(), connection -> listedBase(connection, key));
    try {
      return base == null
          ? Optional.empty()
          : Optional.of(new Gap(key, base.seq(), SnapshotBody.hash(base.body())));
    } catch (CodecException e) {
      throw new StoreException("the base of " + key + " is damaged: " + e.getMessage(), e);
    }
  }

  private static @Nullable Base listedBase(Connection connection, ExecutionKey key)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT b.seq, b.epoch, b.body FROM execution e"
                + " JOIN base b ON b.execution = e.ordinal WHERE e.tenant = ? AND e.id = ?")) {
      query.setString(1, key.tenant());
      query.setString(2, key.id());
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? base(row, 1) : null;
      }
    }
  }

  Optional<Chain> beginning(Gap gap) {
    ExecutionKey key = gap.key();
    var pieces = new ArrayList<Piece>();
    Base listed = database.read(key.text(), connection -> listedBase(connection, key));
    // A chain that begins no earlier than what is looked for need not be read.
    if (listed == null || listed.seq() < gap.seq()) {
      chain(key).ifPresent(chain -> pieces.add(new Piece(chain.base(), chain.runs())));
    }
    pieces.addAll(database.read(key.text(), connection -> formers(connection, key)));
    return Beginnings.longest(gap, pieces);
  }

  private static List<Piece> formers(Connection connection, ExecutionKey key) throws SQLException {
    try {
      return Formers.read(connection, key);
    } catch (CodecException e) {
      throw new StoreException("a former chain of " + key + " is damaged: " + e.getMessage(), e);
    }
  }

  static List<Run> chunks(Connection connection, long ordinal, long fromSeqMax)
      throws SQLException {
    var runs = new ArrayList<Run>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT previous_hash, payload FROM history"
                + " WHERE chunk > ? AND chunk <= ? ORDER BY chunk")) {
      query.setLong(1, ordinal << WriteStatements.CHUNK_SHIFT);
      query.setLong(2, (ordinal << WriteStatements.CHUNK_SHIFT) + fromSeqMax);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          runs.add(new Run(TableScan.bytes(row, 1), TableScan.bytes(row, 2)));
        }
      }
    }
    return runs;
  }

  /**
   * The base is read before the chunks: the base goes when what comes before it has been added, and
   * then the chunks have that.
   */
  private static Chain chain(
      Connection connection, long ordinal, ChainHead head, long chunksTo, Live.@Nullable Run tail)
      throws SQLException {
    Base base = readBase(connection, ordinal);
    var runs = new ArrayList<>(chunks(connection, ordinal, chunksTo));
    if (tail != null) {
      runs.add(new Run(tail.previousHash(), Sealed.seal(tail.payload())));
    }
    return new Chain(head.complete(base == null), base, List.copyOf(runs));
  }

  /** Where the chain begins here; null: with its first event. */
  static @Nullable Base readBase(Connection connection, long ordinal) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT seq, epoch, body FROM base WHERE execution = ?")) {
      query.setLong(1, ordinal);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? base(row, 1) : null;
      }
    }
  }

  /** A base out of three columns; null where they are. */
  static @Nullable Base base(ResultSet row, int column) throws SQLException {
    long seq = row.getLong(column);
    return seq == 0
        ? null
        : new Base(seq, row.getLong(column + 1), TableScan.bytes(row, column + 2));
  }
}
