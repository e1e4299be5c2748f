package dev.holdfast.journal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStoreContract;
import dev.holdfast.journal.blob.BlobUpload;
import dev.holdfast.journal.blob.StoredBlob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteBlobsTest extends BlobStoreContract {
  @TempDir Path folder = Path.of("");

  @Override
  protected StateStore open() {
    return new SqliteStateStore(folder.resolve("test.db"), InstantSource.system());
  }

  private List<String> files() throws IOException {
    Path blobs = folder.resolve("test.db-blobs");
    if (!Files.isDirectory(blobs)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(blobs)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> blobs.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private void reopen() {
    if (store != null) {
      store.close();
    }
    store = open();
  }

  @Test
  void contentIsAFileOfTheTenants() throws IOException {
    String sha256 = put("acme", content(600_000, 1)).key().sha256();
    assertThat(files()).containsExactly("acme/" + sha256.substring(0, 2) + '/' + sha256);
    reopen();
    assertThat(read(new BlobKey("acme", sha256), 0)).isEqualTo(content(600_000, 1));
    assertThat(blobs().removeUnused(LATER)).isEqualTo(1);
    assertThat(files()).isEmpty();
  }

  @Test
  void whatWasOnItsWayAtTheEndIsGoneAtTheNextStart() throws IOException {
    BlobUpload lost = blobs().begin();
    lost.write(content(600_000, 1), 0, 600_000);
    assertThat(files()).containsExactly("uploads.tmp/1");
    reopen();
    assertThat(files()).isEmpty();
    assertThat(blobs().totals().blobs()).isZero();
  }

  @Test
  void aFileThatACrashLeftWithoutARowIsRemoved() throws IOException {
    StoredBlob kept = put("acme", content(10, 1));
    String sha256 = sha256(content(10, 2));
    Path orphan =
        folder.resolve("test.db-blobs/acme").resolve(sha256.substring(0, 2)).resolve(sha256);
    Files.createDirectories(orphan.getParent());
    Files.write(orphan, content(10, 2));
    assertThat(blobs().find(new BlobKey("acme", sha256))).isEmpty();
    assertThat(blobs().removeUnused(T0)).isZero();
    assertThat(orphan).doesNotExist();
    assertThat(read(kept.key(), 0)).isEqualTo(content(10, 1));
  }

  private void pages(int most) throws SQLException {
    SqliteStateStore sqlite = (SqliteStateStore) store;
    if (sqlite == null) {
      throw new AssertionError("no store is open");
    }
    try (var statement = sqlite.database().writer().createStatement()) {
      statement.execute("PRAGMA max_page_count = " + most);
    }
  }

  @Test
  void whereTheDatabaseIsFullNothingIsKeptAndItGoesOnWhenThereIsSpace()
      throws IOException, SQLException {
    StoredBlob before = put("acme", content(1000, 1));
    pages(1);
    String type = "text/" + "x".repeat(20_000);
    for (int attempt = 0; attempt < 3; attempt++) {
      try (BlobUpload upload = blobs().begin()) {
        upload.write(content(600_000, 2), 0, 600_000);
        assertThatThrownBy(() -> upload.keep("acme", type, T0))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("full");
      }
      String sha256 = sha256(content(600_000, 2));
      assertThat(blobs().find(new BlobKey("acme", sha256))).isEmpty();
      assertThat(files()).hasSize(1);
      assertThat(read(before.key(), 0)).isEqualTo(content(1000, 1));
    }
    pages(1_000_000);
    assertThat(read(put("acme", content(600_000, 2)).key(), 0)).isEqualTo(content(600_000, 2));
  }

  @Test
  void aFileThatWasDamagedIsPutRightByTheNextUpload() throws IOException {
    StoredBlob blob = put("acme", content(1000, 1));
    Files.write(folder.resolve("test.db-blobs").resolve(files().getFirst()), new byte[3]);
    put("acme", content(1000, 1));
    assertThat(read(blob.key(), 0)).isEqualTo(content(1000, 1));
  }
}
