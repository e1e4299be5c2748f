package dev.holdfast.journal.blob;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.ExecutionKey;
import java.util.Comparator;

/**
 * Names a blob: whose it is and what is in it. The same content of two tenants is two blobs.
 *
 * @param sha256 of the content, 64 digits 0-9 a-f
 */
public record BlobKey(String tenant, String sha256) implements Comparable<BlobKey> {
  private static final Comparator<BlobKey> ORDER =
      Comparator.comparing(BlobKey::tenant).thenComparing(BlobKey::sha256);

  /**
   * @throws IllegalArgumentException when no tenant or content can be called so
   */
  public BlobKey {
    BlobRef.requireHash(sha256);
    tenant = new ExecutionKey(tenant, "x").tenant();
  }

  /** The key whose text this is. */
  public static BlobKey parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not the key of a blob: " + text);
    }
    return new BlobKey(text.substring(0, slash), text.substring(slash + 1));
  }

  /** {@code tenant/sha256}. */
  public String text() {
    return tenant + '/' + sha256;
  }

  /** By tenant, then by hash. */
  @Override
  public int compareTo(BlobKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return text();
  }
}
