package dev.holdfast.grid.blob;

import dev.holdfast.client.wire.PieceStream;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;

/** A blob's content, or part of it. For one thread at a time. */
final class BlobStream extends PieceStream {
  private final Blobs blobs;
  private final BlobKey key;
  private long from;
  private long left;

  /**
   * @param from its first byte, from 0
   * @param count how many bytes at most
   */
  BlobStream(Blobs blobs, BlobKey key, long from, long count) {
    this.blobs = blobs;
    this.key = key;
    this.from = from;
    this.left = count;
  }

  @Override
  protected byte[] next() {
    if (left <= 0) {
      return new byte[0];
    }
    byte[] piece = blobs.read(key, from, (int) Math.min(left, BlobStore.PIECE_BYTES_MAX));
    from += piece.length;
    left -= piece.length;
    return piece;
  }
}
