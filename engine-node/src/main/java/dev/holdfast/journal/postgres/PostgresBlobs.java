package dev.holdfast.journal.postgres;

import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.Times;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobRows;
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
import org.jspecify.annotations.Nullable;

/**
 * Blobs as rows of pieces, for all members. Who begins to use a blob writes to its row, so that
 * whoever is about to remove it looks again; rows are always written in the order of their keys.
 */
final class PostgresBlobs implements BlobStore {
  private static final BlobRows ROWS = new BlobRows("greatest");

  /** An upload that began so long before anything may be removed was given up. */
  private static final Duration UPLOAD_MAX = Duration.ofHours(1);

  private final PostgresConnections connections;
  private final InstantSource clock;

  PostgresBlobs(PostgresConnections connections, InstantSource clock) {
    this.connections = connections;
    this.clock = clock;
  }

  private final class Upload extends BlobUpload {
    private final long content = beginContent();
    private int number;
    private boolean kept;

    @Override
    protected void put(byte[] piece, int count) {
      byte[] bytes = Arrays.copyOf(piece, count);
      connections.transaction(
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
    }

    @Override
    protected void keep(StoredBlob blob) {
      connections.transaction("a blob", connection -> show(connection, blob, content));
      kept = true;
    }

    @Override
    public void close() {
      if (!kept) {
        connections.transaction(
            "that an upload ended", connection -> removeContent(connection, content));
      }
    }
  }

  @Override
  public BlobUpload begin() {
    return new Upload();
  }

  private long beginContent() {
    return connections.transaction(
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
      BlobRows.bind(insert, 1, blob.key());
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

  @Override
  public Optional<StoredBlob> find(BlobKey key) {
    return connections.read("a blob", connection -> BlobRows.find(connection, key));
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
            BlobRows.bind(query, 4, key);
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
    return connections.transaction("uses of blobs", connection -> ROWS.use(connection, inOrder));
  }

  @Override
  public boolean touch(BlobKey key, Instant at) {
    return connections.transaction("a blob", connection -> ROWS.touch(connection, key, at));
  }

  @Override
  public List<BlobUse> uses(@Nullable BlobUse after, int limit) {
    return connections.read("uses of blobs", connection -> BlobRows.uses(connection, after, limit));
  }

  @Override
  public List<BlobUse> usesOf(BlobKey key) {
    return connections.read("uses of a blob", connection -> BlobRows.usesOf(connection, key));
  }

  @Override
  public void release(Collection<BlobUse> uses) {
    connections.transaction(
        "uses of blobs",
        connection -> {
          BlobRows.release(connection, uses);
          return uses.size();
        });
  }

  @Override
  public int removeUnused(Instant touchedBefore) {
    int removed = 0;
    int some;
    do {
      some = connections.transaction("that blobs are gone", c -> removeSome(c, touchedBefore));
      removed += some;
    } while (some > 0);
    connections.transaction(
        "that uploads are gone", c -> removeUploads(c, touchedBefore.minus(UPLOAD_MAX)));
    return removed;
  }

  private static int removeSome(Connection connection, Instant touchedBefore) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            // Whoever begins to use one meanwhile writes to its row, which is then locked or newer.
            "DELETE FROM blob WHERE touched_at < ? AND (tenant, sha256) IN (SELECT tenant, sha256"
                + " FROM blob WHERE "
                + BlobRows.UNUSED
                + " ORDER BY tenant, sha256 LIMIT 100 FOR UPDATE SKIP LOCKED)"
                + " RETURNING content")) {
      delete.setLong(1, Times.nanos(touchedBefore));
      delete.setLong(2, Times.nanos(touchedBefore));
      return removeContents(connection, delete);
    }
  }

  private static int removeUploads(Connection connection, Instant begunBefore) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT content FROM blob_content WHERE NOT kept AND begun_at < ? FOR UPDATE"
                + " SKIP LOCKED")) {
      query.setLong(1, Times.nanos(begunBefore));
      return removeContents(connection, query);
    }
  }

  /** Removes the contents whose numbers the statement gives; returns how many. */
  private static int removeContents(Connection connection, PreparedStatement numbers)
      throws SQLException {
    var contents = new ArrayList<Long>();
    try (ResultSet row = numbers.executeQuery()) {
      while (row.next()) {
        contents.add(row.getLong(1));
      }
    }
    for (long content : contents) {
      removeContent(connection, content);
    }
    return contents.size();
  }

  @Override
  public List<StoredBlob> list(@Nullable BlobKey after, int limit) {
    return connections.read("blobs", connection -> BlobRows.list(connection, after, limit));
  }

  @Override
  public boolean drop(StoredBlob blob) {
    return connections.transaction(
        "that a blob is gone",
        connection -> {
          int gone;
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM blob WHERE tenant = ? AND sha256 = ? AND touched_at = ?"
                      + " RETURNING content")) {
            BlobRows.bind(delete, 1, blob.key());
            delete.setLong(3, Times.nanos(blob.touchedAt()));
            gone = removeContents(connection, delete);
          }
          if (gone > 0) {
            BlobRows.removeUses(connection, blob.key());
          }
          return gone > 0;
        });
  }

  @Override
  public Totals totals() {
    return connections.read("the size of blobs", BlobRows::totals);
  }
}
