package dev.holdfast.journal.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.blob.BlobStoreContract;
import dev.holdfast.journal.blob.BlobUpload;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class PostgresBlobsTest extends BlobStoreContract {
  private String url = "";

  @Override
  protected StateStore open() {
    url = PostgresServer.shared().newDatabase();
    return another();
  }

  private StateStore another() {
    return new PostgresStateStore(PostgresServer.settings(url), InstantSource.fixed(T0));
  }

  private long rows(String table) throws SQLException {
    try (var connection = PostgresServer.connect(url);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void whatOneMemberKeepsTheOthersHave() {
    byte[] content = content(600_000, 1);
    var blob = put("acme", content);
    try (StateStore other = another()) {
      assertThat(other.blobs().find(blob.key())).contains(blob);
      assertThat(other.blobs().read(blob.key(), 524_288, 4)).hasSize(4);
    }
  }

  @Test
  void uploadsThatWereGivenUpLeaveNothing() throws SQLException {
    byte[] content = content(600_000, 1);
    BlobUpload lost = blobs().begin();
    lost.write(content, 0, content.length);
    try (BlobUpload discarded = blobs().begin()) {
      discarded.write(content, 0, content.length);
    }
    assertThat(rows("blob_piece")).isEqualTo(2);
    blobs().removeUnused(LATER);
    assertThat(rows("blob_piece")).isEqualTo(2);
    blobs().removeUnused(LATER.plusSeconds(1));
    assertThat(rows("blob_piece")).isZero();
    assertThat(rows("blob_content")).isZero();
  }

  @Test
  void removedOnesLeaveNothing() throws SQLException {
    put("acme", content(600_000, 1));
    put("acme", content(600_000, 1));
    assertThat(rows("blob_piece")).isEqualTo(3);
    assertThat(blobs().removeUnused(LATER)).isEqualTo(1);
    assertThat(rows("blob_piece")).isZero();
    assertThat(rows("blob_content")).isZero();
  }
}
