package dev.holdfast.journal.blob;

import dev.holdfast.journal.StoreException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Content on its way into a store, piece by piece; never held in memory as a whole but by a store
 * that keeps nothing elsewhere. Nothing of it is to be seen before {@link #keep}. For one thread at
 * a time.
 */
public abstract class BlobUpload implements AutoCloseable {
  private final MessageDigest digest = digest();
  private final byte[] piece = new byte[BlobStore.PIECE_BYTES_MAX];
  private int filled;
  private boolean broken;
  private long bytes;
  private @Nullable String sha256;

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Adds to the content.
   *
   * @throws StoreException when it can't be written; the upload then comes to nothing
   */
  public final void write(byte[] from, int offset, int count) {
    if (sha256 != null) {
      throw new IllegalStateException("the content has ended");
    }
    digest.update(from, offset, count);
    bytes += count;
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

  /** After a failure nobody knows how much of the piece is there: nothing may follow it. */
  private void flush() {
    if (broken) {
      throw new StoreException("a piece of the content was not written; it has to be sent anew");
    }
    broken = true;
    put(piece, filled);
    broken = false;
    filled = 0;
  }

  /** Bytes so far. */
  public final long bytes() {
    return bytes;
  }

  /** Ends the content and says what its hash is. */
  public final String sha256() {
    String known = sha256;
    if (known == null) {
      known = HexFormat.of().formatHex(digest.digest());
      sha256 = known;
    }
    return known;
  }

  /**
   * Makes the content a blob of the tenant's, in place of the same that may be there. Durable on
   * return.
   *
   * @throws StoreException when it can't be kept
   */
  public final StoredBlob keep(String tenant, String mediaType, Instant now) {
    var blob = new StoredBlob(new BlobKey(tenant, sha256()), bytes, mediaType, now);
    if (filled > 0) {
      flush();
    }
    keep(blob);
    return blob;
  }

  /**
   * Writes the next piece: all are of {@link BlobStore#PIECE_BYTES_MAX} but the last.
   *
   * @param piece holds something else afterwards
   * @param count how many of its first bytes
   */
  protected abstract void put(byte[] piece, int count);

  /** Makes all that was put this blob's content. */
  protected abstract void keep(StoredBlob blob);

  /** Lets go of what was not kept. */
  @Override
  public abstract void close();
}
