package dev.holdfast.journal.sqlite;

import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUpload;
import dev.holdfast.journal.blob.BlobUse;
import dev.holdfast.journal.blob.NoSuchBlobException;
import dev.holdfast.journal.blob.StoredBlob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Blobs of which the rows are in the database and the contents in files beside it: a hundred
 * megabytes in the database's log would hold up the journal's commits. A row is written after its
 * file and removed before it, both under one lock, so that what has a row has a file.
 */
final class SqliteBlobs implements BlobStore {
  private static final int REMOVED_AT_ONCE = 100;
  private static final String ROW =
      "SELECT tenant, sha256, bytes, media_type, touched_at FROM blob";
  private static final String USE = "SELECT tenant, sha256, execution, since FROM blob_use";
  private static final String TOUCH =
      "UPDATE blob SET touched_at = max(touched_at, ?) WHERE tenant = ? AND sha256 = ?";
  private static final String UNUSED =
      " touched_at < ? AND NOT EXISTS (SELECT 1 FROM blob_use u"
          + " WHERE u.tenant = blob.tenant AND u.sha256 = blob.sha256)";

  private final SqliteDatabase database;
  private final SqliteWriter writer;
  private final BlobFiles files;

  /** Whether files have been looked for that a crash left without a row. */
  private final AtomicBoolean tidied = new AtomicBoolean();

  /** Held while a file gets or loses its name and its row follows. */
  private final ReentrantLock naming = new ReentrantLock();

  SqliteBlobs(SqliteDatabase database, SqliteWriter writer) {
    this.database = database;
    this.writer = writer;
    this.files =
        new BlobFiles(database.file().resolveSibling(database.file().getFileName() + "-blobs"));
  }

  private final class Upload extends BlobUpload {
    private final BlobFiles.Growing file = files.begin();

    @Override
    protected void put(byte[] from, int offset, int count) {
      file.write(from, offset, count);
    }

    @Override
    protected void keep(StoredBlob blob) {
      file.sync();
      naming.lock();
      try {
        file.move(blob.key());
        insert(blob);
      } finally {
        naming.unlock();
      }
    }

    @Override
    public void close() {
      file.discard();
    }
  }

  @Override
  public BlobUpload begin() {
    return new Upload();
  }

  private void insert(StoredBlob blob) {
    writer.write(
        "a blob",
        () -> {
          try (PreparedStatement insert =
              database
                  .writer()
                  .prepareStatement(
                      "INSERT INTO blob VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                          + " media_type = excluded.media_type,"
                          + " touched_at = max(touched_at, excluded.touched_at)")) {
            bind(insert, 1, blob.key());
            insert.setLong(3, blob.bytes());
            insert.setString(4, blob.mediaType());
            insert.setLong(5, Times.nanos(blob.touchedAt()));
            insert.executeUpdate();
          }
          return () -> {};
        });
  }

  private static void bind(PreparedStatement statement, int at, BlobKey key) throws SQLException {
    statement.setString(at, key.tenant());
    statement.setString(at + 1, key.sha256());
  }

  @Override
  public Optional<StoredBlob> find(BlobKey key) {
    return database.read(
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
    byte[] bytes = files.read(key, from, Math.min(most, PIECE_BYTES_MAX));
    if (bytes == null) {
      throw new NoSuchBlobException(key);
    }
    return bytes;
  }

  @Override
  public Set<BlobKey> use(Collection<BlobUse> uses) {
    var missing = new TreeSet<BlobKey>();
    writer.write(
        "uses of blobs",
        () -> {
          missing.clear();
          try (PreparedStatement touch = database.writer().prepareStatement(TOUCH);
              PreparedStatement insert =
                  database
                      .writer()
                      .prepareStatement(
                          "INSERT INTO blob_use VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
                              + " SET since = max(since, excluded.since)")) {
            for (BlobUse use : uses) {
              if (!touch(touch, use.blob(), use.since())) {
                missing.add(use.blob());
              } else {
                bind(insert, use);
                insert.executeUpdate();
              }
            }
          }
          return () -> {};
        });
    return missing;
  }

  @Override
  public boolean touch(BlobKey key, Instant at) {
    var here = new boolean[1];
    writer.write(
        "a blob",
        () -> {
          try (PreparedStatement touch = database.writer().prepareStatement(TOUCH)) {
            here[0] = touch(touch, key, at);
          }
          return () -> {};
        });
    return here[0];
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
    return database.read(
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
    return database.read(
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
    writer.write(
        "uses of blobs",
        () -> {
          try (PreparedStatement delete =
              database
                  .writer()
                  .prepareStatement(
                      "DELETE FROM blob_use WHERE tenant = ? AND sha256 = ? AND execution = ?"
                          + " AND since = ?")) {
            for (BlobUse use : uses) {
              bind(delete, use);
              delete.executeUpdate();
            }
          }
          return () -> {};
        });
  }

  @Override
  public int removeUnused(Instant touchedBefore) {
    long limit = Times.nanos(touchedBefore);
    int removed = 0;
    if (tidied.compareAndSet(false, true)) {
      files.keys().forEach(this::removeUnlessKnown);
    }
    while (true) {
      List<StoredBlob> unused =
          database.read(
              "unused blobs",
              connection -> {
                try (PreparedStatement query =
                    connection.prepareStatement(
                        ROW + " WHERE" + UNUSED + " LIMIT " + REMOVED_AT_ONCE)) {
                  query.setLong(1, limit);
                  return blobs(query);
                }
              });
      if (unused.isEmpty()) {
        return removed;
      }
      for (StoredBlob blob : unused) {
        if (remove(blob.key(), " AND" + UNUSED, limit)) {
          removed++;
        }
      }
    }
  }

  private void removeUnlessKnown(BlobKey key) {
    naming.lock();
    try {
      if (find(key).isEmpty()) {
        files.delete(key);
      }
    } finally {
      naming.unlock();
    }
  }

  /** Removes row and file, if the row is as it is said to be. */
  private boolean remove(BlobKey key, String condition, long time) {
    naming.lock();
    try {
      var gone = new boolean[1];
      writer.write(
          "that a blob is gone",
          () -> {
            try (PreparedStatement delete =
                    database
                        .writer()
                        .prepareStatement(
                            "DELETE FROM blob WHERE tenant = ? AND sha256 = ?" + condition);
                PreparedStatement uses =
                    database
                        .writer()
                        .prepareStatement("DELETE FROM blob_use WHERE tenant = ? AND sha256 = ?")) {
              bind(delete, 1, key);
              delete.setLong(3, time);
              gone[0] = delete.executeUpdate() > 0;
              if (gone[0]) {
                bind(uses, 1, key);
                uses.executeUpdate();
              }
            }
            return () -> {};
          });
      if (gone[0]) {
        files.delete(key);
      }
      return gone[0];
    } finally {
      naming.unlock();
    }
  }

  @Override
  public List<StoredBlob> list(@Nullable BlobKey after, int limit) {
    return database.read(
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
    return remove(blob.key(), " AND touched_at = ?", Times.nanos(blob.touchedAt()));
  }

  @Override
  public Totals totals() {
    return database.read(
        "the size of blobs",
        connection -> {
          try (PreparedStatement query =
                  connection.prepareStatement("SELECT count(*), total(bytes) FROM blob");
              ResultSet row = query.executeQuery()) {
            return row.next() ? new Totals(row.getLong(1), row.getLong(2)) : new Totals(0, 0);
          }
        });
  }
}
