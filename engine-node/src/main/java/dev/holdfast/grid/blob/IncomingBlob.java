package dev.holdfast.grid.blob;

import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUpload;
import dev.holdfast.journal.blob.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;

/**
 * Content on its way in, as a stream to write to. Closing it without {@link #keep} leaves nothing
 * behind. For one thread at a time.
 */
public final class IncomingBlob extends OutputStream {
  private static final int BUFFER_BYTES = 64 << 10;

  private final BlobUpload upload;
  private final Holders holders;
  private final long bytesMax;
  private final InstantSource clock;
  private final BlobStats stats;

  IncomingBlob(
      BlobStore store, Holders holders, long bytesMax, InstantSource clock, BlobStats stats) {
    this.upload = store.begin();
    this.holders = holders;
    this.bytesMax = bytesMax;
    this.clock = clock;
    this.stats = stats;
  }

  /**
   * Adds a byte.
   *
   * @throws BlobTooLargeException when that is more than a blob may have
   */
  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  /**
   * Adds a piece.
   *
   * @throws BlobTooLargeException when that is more than a blob may have
   */
  @Override
  public void write(byte[] from, int offset, int count) {
    if (upload.bytes() + count > bytesMax) {
      throw new BlobTooLargeException(bytesMax);
    }
    upload.write(from, offset, count);
  }

  /** Adds all that the stream gives. */
  public void readFrom(InputStream in) throws IOException {
    var buffer = new byte[BUFFER_BYTES];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      write(buffer, 0, count);
    }
  }

  /** Bytes so far. */
  public long bytes() {
    return upload.bytes();
  }

  /** Ends the content and says what its hash is. */
  public String sha256() {
    return upload.sha256();
  }

  /** Makes it a blob of the tenant's; on enough disks on return. */
  public StoredBlob keep(String tenant, String mediaType) {
    StoredBlob blob = upload.keep(tenant, mediaType, clock.instant());
    holders.secure(blob);
    stats.stored(blob.bytes());
    return blob;
  }

  @Override
  public void close() {
    upload.close();
  }
}
