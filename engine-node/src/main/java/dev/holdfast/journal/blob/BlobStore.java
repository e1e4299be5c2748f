package dev.holdfast.journal.blob;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where blobs are kept, in the medium of a state store (ADR 0032): content under its SHA-256, and
 * which executions use it. A use is written before the event that refers to the blob, so that a
 * blob in use is never without one; a use that came to nothing is found by asking for its
 * execution. Called by any thread at any time. Every method throws {@link
 * dev.holdfast.journal.StoreException} when the medium fails.
 */
public interface BlobStore {
  /** Bytes of one {@link #read}, at most. */
  int PIECE_BYTES_MAX = 256 << 10;

  /** Begins to take content. */
  BlobUpload begin();

  /** The blob, when it is here whole. */
  Optional<StoredBlob> find(BlobKey key);

  /**
   * Some of a blob's content, from there on: at least a byte unless that is its end, at most {@link
   * #PIECE_BYTES_MAX}.
   *
   * @throws NoSuchBlobException when it is not here
   */
  byte[] read(BlobKey key, long from, int most);

  /**
   * Notes uses and keeps their blobs for as long as they last; durable on return. A use that is
   * there already takes the later time.
   *
   * @return the blobs that are not here; of these nothing is noted
   */
  Set<BlobKey> use(Collection<BlobUse> uses);

  /** Notes that the blob was uploaded or begun to be used again; false: it is not here. */
  boolean touch(BlobKey key, Instant at);

  /** A page of all uses, by blob and execution. */
  List<BlobUse> uses(@Nullable BlobUse after, int limit);

  /** The uses of one blob. */
  List<BlobUse> usesOf(BlobKey key);

  /** Ends uses, but for those that have been said again since. */
  void release(Collection<BlobUse> uses);

  /**
   * Removes blobs that nobody uses and that were last touched before then, and what is left of
   * uploads that were given up long before.
   *
   * @return how many blobs
   */
  int removeUnused(Instant touchedBefore);

  /** A page of all blobs, by key. */
  List<StoredBlob> list(@Nullable BlobKey after, int limit);

  /** Removes a blob with its uses, since others have it; nothing where it was touched since. */
  boolean drop(StoredBlob blob);

  /** Blobs, and bytes of their content; may be half a minute old. */
  Totals totals();

  /** What a store has in all. */
  record Totals(long blobs, long bytes) {}
}
