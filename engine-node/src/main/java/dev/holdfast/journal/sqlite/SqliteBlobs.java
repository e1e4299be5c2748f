package dev.holdfast.journal.sqlite;

import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.Times;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobRows;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUpload;
import dev.holdfast.journal.blob.BlobUse;
import dev.holdfast.journal.blob.NoSuchBlobException;
import dev.holdfast.journal.blob.StoredBlob;
import java.sql.PreparedStatement;
import java.time.Instant;
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
  private static final BlobRows ROWS = new BlobRows("max");

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
    protected void put(byte[] piece, int count) {
      file.write(piece, count);
    }

    @Override
    protected void keep(StoredBlob blob) {
      file.sync();
      naming.lock();
      try {
        file.move(blob.key());
        insert(blob);
      } catch (StoreException e) {
        deleteUnlessKnown(blob.key(), e);
        throw e;
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
            BlobRows.bind(insert, 1, blob.key());
            insert.setLong(3, blob.bytes());
            insert.setString(4, blob.mediaType());
            insert.setLong(5, Times.nanos(blob.touchedAt()));
            insert.executeUpdate();
          }
          return () -> {};
        });
  }

  @Override
  public Optional<StoredBlob> find(BlobKey key) {
    return database.read("a blob", connection -> BlobRows.find(connection, key));
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
          missing.addAll(ROWS.use(database.writer(), uses));
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
          here[0] = ROWS.touch(database.writer(), key, at);
          return () -> {};
        });
    return here[0];
  }

  @Override
  public List<BlobUse> uses(@Nullable BlobUse after, int limit) {
    return database.read("uses of blobs", connection -> BlobRows.uses(connection, after, limit));
  }

  @Override
  public List<BlobUse> usesOf(BlobKey key) {
    return database.read("uses of a blob", connection -> BlobRows.usesOf(connection, key));
  }

  @Override
  public void release(Collection<BlobUse> uses) {
    writer.write(
        "uses of blobs",
        () -> {
          BlobRows.release(database.writer(), uses);
          return () -> {};
        });
  }

  @Override
  public int removeUnused(Instant touchedBefore) {
    int removed = 0;
    if (tidied.compareAndSet(false, true)) {
      files.keys().forEach(this::removeUnlessKnown);
    }
    while (true) {
      List<StoredBlob> unused =
          database.read(
              "unused blobs",
              connection -> BlobRows.unused(connection, touchedBefore, REMOVED_AT_ONCE));
      if (unused.isEmpty()) {
        return removed;
      }
      for (StoredBlob blob : unused) {
        if (remove(blob.key(), BlobRows.UNUSED, touchedBefore)) {
          removed++;
        }
      }
    }
  }

  /** What has no row would take its space until the next start. */
  private void deleteUnlessKnown(BlobKey key, StoreException failure) {
    try {
      removeUnlessKnown(key);
    } catch (StoreException e) {
      failure.addSuppressed(e);
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
  private boolean remove(BlobKey key, String condition, Instant time) {
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
                        "DELETE FROM blob WHERE tenant = ? AND sha256 = ? AND " + condition)) {
              BlobRows.bind(delete, 1, key);
              delete.setLong(3, Times.nanos(time));
              gone[0] = delete.executeUpdate() > 0;
            }
            if (gone[0]) {
              BlobRows.removeUses(database.writer(), key);
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
    return database.read("blobs", connection -> BlobRows.list(connection, after, limit));
  }

  @Override
  public boolean drop(StoredBlob blob) {
    return remove(blob.key(), "touched_at = ?", blob.touchedAt());
  }

  @Override
  public Totals totals() {
    return database.read("the size of blobs", BlobRows::totals);
  }
}
