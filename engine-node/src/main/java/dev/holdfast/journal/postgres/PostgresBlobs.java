package dev.holdfast.journal.postgres;

import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUpload;
import dev.holdfast.journal.blob.BlobUse;
import dev.holdfast.journal.blob.NoSuchBlobException;
import dev.holdfast.journal.blob.StoredBlob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as rows of pieces, for all members. Who begins to use a blob writes to its row, so that
 * whoever is about to remove it looks again; rows are always written in the order of their keys.
 */
final class PostgresBlobs implements BlobStore {
  private static final String ROW =
      "SELECT tenant, sha256, bytes, media_type, touched_at FROM blob";
  private static final String USE = "SELECT tenant, sha256, execution, since FROM blob_use";

  private static final String TOUCH =
      "UPDATE blob SET touched_at = greatest(touched_at, ?) WHERE tenant = ? AND sha256 = ?";

  /** An upload that began so long before anything may be removed was given up. */
  private static final Duration UPLOAD_MAX = Duration.ofHours(1);

  private final PostgresConnections connections;
  private final InstantSource clock;

  PostgresBlobs(PostgresConnections connections, InstantSource clock) {
    this.connections = connections;
    this.clock = clock;
  }

  private final class Upload extends BlobUpload {
    private final byte[] piece = new byte[PIECE_BYTES_MAX];
    private final long content = beginContent();
    private int filled;
    private int number;
    private boolean kept;

    @Override
    protected void put(byte[] from, int offset, int count) {
      int done = 0;
      while (done < count) {
        int some = Math.min(piece.length - filled, count - done);
        System.arraycopy(from, offset + done, piece, filled, some);
        filled += some;
        done += some;
        if (filled == piece.length) {
          flush();
        }
      }
    }

    private void flush() {
      byte[] bytes = Arrays.copyOf(piece, filled);
      transaction(
          "a piece of a blob",
          connection -> {
            // The commit that makes the blob visible waits for all that came before it.
            execute(connection, "SET LOCAL synchronous_commit = off");
            try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO blob_piece VALUES (?, ?, ?)")) {
              insert.setLong(1, content);
              insert.setInt(2, number);
              insert.setBytes(3, bytes);
              return insert.executeUpdate();
            }
          });
      number++;
      filled = 0;
    }

    @Override
    protected void keep(StoredBlob blob) {
      if (filled > 0) {
        flush();
      }
      transaction("a blob", connection -> show(connection, blob, content));
      kept = true;
    }

    @Override
    public void close() {
      if (!kept) {
        transaction("that an upload ended", connection -> removeContent(connection, content));
      }
    }
  }

  @Override
  public BlobUpload begin() {
    return new Upload();
  }

  private long beginContent() {
    return transaction(
        "a blob",
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO blob_content (begun_at) VALUES (?) RETURNING content")) {
            insert.setLong(1, Times.nanos(clock.instant()));
            try (ResultSet row = insert.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }

  private static int show(Connection connection, StoredBlob blob, long content)
      throws SQLException {
    try (PreparedStatement keep =
        connection.prepareStatement("UPDATE blob_content SET kept = true WHERE content = ?")) {
      keep.setLong(1, content);
      if (keep.executeUpdate() == 0) {
        throw new StoreException("the upload of " + blob.key() + " was given up before it ended");
      }
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO blob (tenant, sha256, content, bytes, media_type, touched_at)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, sha256) DO UPDATE SET"
                + " media_type = excluded.media_type,"
                + " touched_at = greatest(blob.touched_at, excluded.touched_at)"
                + " RETURNING content")) {
      bind(insert, 1, blob.key());
      insert.setLong(3, content);
      insert.setLong(4, blob.bytes());
      insert.setString(5, blob.mediaType());
      insert.setLong(6, Times.nanos(blob.touchedAt()));
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        // The same content was there, or came meanwhile: one copy is enough.
        if (row.getLong(1) != content) {
          removeContent(connection, content);
        }
      }
    }
    return 1;
  }

  private static int removeContent(Connection connection, long content) throws SQLException {
    for (String table : List.of("blob_piece", "blob_content")) {
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM " + table + " WHERE content = ?")) {
        delete.setLong(1, content);
        delete.executeUpdate();
      }
    }
    return 0;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void bind(PreparedStatement statement, int at, BlobKey key) throws SQLException {
    statement.setString(at, key.tenant());
    statement.setString(at + 1, key.sha256());
  }

  private <T> T transaction(String what, PostgresConnections.Read<T> work) {
    return connections.read(
        what,
        connection -> {
          connection.setAutoCommit(false);
          boolean committed = false;
          try {
            T result = work.run(connection);
            connection.commit();
            committed = true;
            return result;
          } finally {
            if (!connection.isClosed()) {
              if (!committed) {
                connection.rollback();
              }
              connection.setAutoCommit(true);
            }
          }
        });
  }

  @Override
  public Optional<StoredBlob> find(BlobKey key) {
    return connections.read(
        "a blob",
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(ROW + " WHERE tenant = ? AND sha256 = ?")) {
            bind(query, 1, key);
            return blobs(query).stream().findFirst();
          }
        });
  }

  private static List<StoredBlob> blobs(PreparedStatement query) throws SQLException {
    var blobs = new ArrayList<StoredBlob>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        blobs.add(
            new StoredBlob(
                new BlobKey(row.getString(1), row.getString(2)),
                row.getLong(3),
                row.getString(4),
                Times.instant(row.getLong(5))));
      }
    }
    return blobs;
  }

  @Override
  public byte[] read(BlobKey key, long from, int most) {
    long number = from / PIECE_BYTES_MAX;
    long start = from % PIECE_BYTES_MAX;
    return connections.read(
        "a blob",
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT substring(p.bytes FROM ? FOR ?) FROM blob b LEFT JOIN blob_piece p"
                      + " ON p.content = b.content AND p.number = ?"
                      + " WHERE b.tenant = ? AND b.sha256 = ?")) {
            query.setInt(1, (int) start + 1);
            query.setInt(2, Math.min(most, PIECE_BYTES_MAX));
            query.setInt(3, Math.toIntExact(number));
            bind(query, 4, key);
            try (ResultSet row = query.executeQuery()) {
              if (!row.next()) {
                throw new NoSuchBlobException(key);
              }
              byte[] bytes = row.getBytes(1);
              return bytes == null ? new byte[0] : bytes;
            }
          }
        });
  }

  @Override
  public Set<BlobKey> use(Collection<BlobUse> uses) {
    List<BlobUse> inOrder = uses.stream().sorted((a, b) -> a.blob().compareTo(b.blob())).toList();
    return transaction(
        "uses of blobs",
        connection -> {
          var missing = new TreeSet<BlobKey>();
          try (PreparedStatement touch = connection.prepareStatement(TOUCH);
              PreparedStatement insert =
                  connection.prepareStatement(
                      "INSERT INTO blob_use (tenant, sha256, execution, since)"
                          + " VALUES (?, ?, ?, ?) ON CONFLICT (tenant, sha256, execution)"
                          + " DO UPDATE SET since = greatest(blob_use.since, excluded.since)")) {
            for (BlobUse use : inOrder) {
              if (!touch(touch, use.blob(), use.since())) {
                missing.add(use.blob());
              } else {
                bind(insert, use);
                insert.executeUpdate();
              }
            }
          }
          return missing;
        });
  }

  @Override
  public boolean touch(BlobKey key, Instant at) {
    return transaction(
        "a blob",
        connection -> {
          try (PreparedStatement touch = connection.prepareStatement(TOUCH)) {
            return touch(touch, key, at);
          }
        });
  }

  private static boolean touch(PreparedStatement touch, BlobKey key, Instant at)
      throws SQLException {
    touch.setLong(1, Times.nanos(at));
    bind(touch, 2, key);
    return touch.executeUpdate() > 0;
  }

  private static void bind(PreparedStatement statement, BlobUse use) throws SQLException {
    bind(statement, 1, use.blob());
    statement.setString(3, use.execution());
    statement.setLong(4, Times.nanos(use.since()));
  }

  @Override
  public List<BlobUse> uses(@Nullable BlobUse after, int limit) {
    return connections.read(
        "uses of blobs",
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  USE
                      + " WHERE (tenant, sha256, execution) > (?, ?, ?)"
                      + " ORDER BY tenant, sha256, execution LIMIT ?")) {
            query.setString(1, after == null ? "" : after.blob().tenant());
            query.setString(2, after == null ? "" : after.blob().sha256());
            query.setString(3, after == null ? "" : after.execution());
            query.setInt(4, limit);
            return uses(query);
          }
        });
  }

  private static List<BlobUse> uses(PreparedStatement query) throws SQLException {
    var uses = new ArrayList<BlobUse>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        uses.add(
            new BlobUse(
                new BlobKey(row.getString(1), row.getString(2)),
                row.getString(3),
                Times.instant(row.getLong(4))));
      }
    }
    return uses;
  }

  @Override
  public List<BlobUse> usesOf(BlobKey key) {
    return connections.read(
        "uses of a blob",
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  USE + " WHERE tenant = ? AND sha256 = ? ORDER BY execution")) {
            bind(query, 1, key);
            return uses(query);
          }
        });
  }

  @Override
  public void release(Collection<BlobUse> uses) {
    transaction(
        "uses of blobs",
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM blob_use WHERE tenant = ? AND sha256 = ? AND execution = ?"
                      + " AND since = ?")) {
            for (BlobUse use : uses) {
              bind(delete, use);
              delete.addBatch();
            }
            return delete.executeBatch().length;
          }
        });
  }

  @Override
  public int removeUnused(Instant touchedBefore) {
    int removed = 0;
    int some;
    do {
      some = transaction("that blobs are gone", c -> removeSome(c, touchedBefore));
      removed += some;
    } while (some > 0);
    transaction("that uploads are gone", c -> removeUploads(c, touchedBefore.minus(UPLOAD_MAX)));
    return removed;
  }

  private static int removeSome(Connection connection, Instant touchedBefore) throws SQLException {
    var contents = new ArrayList<Long>();
    try (PreparedStatement delete =
        connection.prepareStatement(
            // Whoever begins to use one meanwhile writes to its row, which is then locked or newer.
            "DELETE FROM blob WHERE touched_at < ? AND (tenant, sha256) IN (SELECT b.tenant,"
                + " b.sha256 FROM blob b WHERE b.touched_at < ? AND NOT EXISTS (SELECT FROM"
                + " blob_use u WHERE u.tenant = b.tenant AND u.sha256 = b.sha256)"
                + " ORDER BY b.tenant, b.sha256 LIMIT 100 FOR UPDATE SKIP LOCKED)"
                + " RETURNING content")) {
      delete.setLong(1, Times.nanos(touchedBefore));
      delete.setLong(2, Times.nanos(touchedBefore));
      try (ResultSet row = delete.executeQuery()) {
        while (row.next()) {
          contents.add(row.getLong(1));
        }
      }
    }
    for (long content : contents) {
      removeContent(connection, content);
    }
    return contents.size();
  }

  private static int removeUploads(Connection connection, Instant begunBefore) throws SQLException {
    var contents = new ArrayList<Long>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT content FROM blob_content WHERE NOT kept AND begun_at < ? FOR UPDATE"
                + " SKIP LOCKED")) {
      query.setLong(1, Times.nanos(begunBefore));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          contents.add(row.getLong(1));
        }
      }
    }
    for (long content : contents) {
      removeContent(connection, content);
    }
    return contents.size();
  }

  @Override
  public List<StoredBlob> list(@Nullable BlobKey after, int limit) {
    return connections.read(
        "blobs",
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  ROW + " WHERE (tenant, sha256) > (?, ?) ORDER BY tenant, sha256 LIMIT ?")) {
            query.setString(1, after == null ? "" : after.tenant());
            query.setString(2, after == null ? "" : after.sha256());
            query.setInt(3, limit);
            return blobs(query);
          }
        });
  }

  @Override
  public boolean drop(StoredBlob blob) {
    return transaction(
        "that a blob is gone",
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM blob WHERE tenant = ? AND sha256 = ? AND touched_at = ?"
                      + " RETURNING content")) {
            bind(delete, 1, blob.key());
            delete.setLong(3, Times.nanos(blob.touchedAt()));
            try (ResultSet row = delete.executeQuery()) {
              if (!row.next()) {
                return false;
              }
              removeContent(connection, row.getLong(1));
            }
          }
          try (PreparedStatement uses =
              connection.prepareStatement("DELETE FROM blob_use WHERE tenant = ? AND sha256 = ?")) {
            bind(uses, 1, blob.key());
            uses.executeUpdate();
          }
          return true;
        });
  }

  @Override
  public Totals totals() {
    return connections.read(
        "the size of blobs",
        connection -> {
          try (PreparedStatement query =
                  connection.prepareStatement(
                      "SELECT count(*), coalesce(sum(bytes), 0)::bigint FROM blob");
              ResultSet row = query.executeQuery()) {
            return row.next() ? new Totals(row.getLong(1), row.getLong(2)) : new Totals(0, 0);
          }
        });
  }
}
