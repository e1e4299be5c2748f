package dev.holdfast.grid.blob;

import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;
import java.io.InputStream;
import java.util.Objects;

/** A blob's content as a stream that has one piece of it in memory. For one thread at a time. */
final class BlobStream extends InputStream {
  private final Blobs blobs;
  private final BlobKey key;
  private long from;
  private long left;
  private byte[] piece = {};
  private int at;

  BlobStream(Blobs blobs, BlobKey key, long from, long count) {
    this.blobs = blobs;
    this.key = key;
    this.from = from;
    this.left = count;
  }

  private boolean isAtEnd() {
    if (at == piece.length && left > 0) {
      piece = blobs.read(key, from, (int) Math.min(left, BlobStore.PIECE_BYTES_MAX));
      at = 0;
      from += piece.length;
      left = piece.length == 0 ? 0 : left - piece.length;
    }
    return at == piece.length;
  }

  @Override
  public int read() {
    return isAtEnd() ? -1 : piece[at++] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, to.length);
    if (count == 0) {
      return 0;
    }
    if (isAtEnd()) {
      return -1;
    }
    int some = Math.min(count, piece.length - at);
    System.arraycopy(piece, at, to, offset, some);
    at += some;
    return some;
  }
}
