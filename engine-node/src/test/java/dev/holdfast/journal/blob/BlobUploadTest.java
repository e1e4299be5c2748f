package dev.holdfast.journal.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StoreException;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlobUploadTest {
  private static final int PIECE = BlobStore.PIECE_BYTES_MAX;

  @Test
  void piecesAreAllOfOneSizeButTheLast() {
    var content = new byte[2 * PIECE + 7];
    new Random(1).nextBytes(content);
    var medium = new Medium();
    try (medium) {
      medium.write(content, 0, 3);
      medium.write(content, 3, PIECE + 1);
      medium.write(content, PIECE + 4, content.length - PIECE - 4);
      assertThat(medium.keep("t", "text/plain", Instant.EPOCH).bytes()).isEqualTo(content.length);
    }
    assertThat(medium.sizes).containsExactly(PIECE, PIECE, 7);
    assertThat(medium.written.toByteArray()).isEqualTo(content);
  }

  @Test
  void whatEndsWithAPieceHasNoEmptyOne() {
    var medium = new Medium();
    try (medium) {
      medium.write(new byte[PIECE], 0, PIECE);
      medium.keep("t", "text/plain", Instant.EPOCH);
    }
    assertThat(medium.sizes).containsExactly(PIECE);
  }

  @Test
  void nothingFollowsAPieceThatWasNotWritten() {
    try (var medium = new Medium()) {
      medium.isFull = true;
      assertThatThrownBy(() -> medium.write(new byte[PIECE], 0, PIECE))
          .isInstanceOf(StoreException.class);
      medium.isFull = false;
      assertThatThrownBy(() -> medium.write(new byte[PIECE], 0, PIECE))
          .isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> medium.keep("t", "text/plain", Instant.EPOCH))
          .isInstanceOf(StoreException.class);
      assertThat(medium.kept).isNull();
    }
  }

  private static final class Medium extends BlobUpload {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<Integer> sizes = new ArrayList<>();
    private boolean isFull;
    private @Nullable StoredBlob kept;

    @Override
    protected void put(byte[] piece, int count) {
      if (isFull) {
        throw new StoreException("no space left");
      }
      written.write(piece, 0, count);
      sizes.add(count);
    }

    @Override
    protected void keep(StoredBlob blob) {
      kept = blob;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
