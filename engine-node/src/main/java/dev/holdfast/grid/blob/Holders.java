package dev.holdfast.grid.blob;

import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobUse;
import dev.holdfast.journal.blob.StoredBlob;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Who has blobs. Blocks. Every method throws {@link dev.holdfast.journal.StoreException} when too
 * few can answer.
 */
interface Holders {
  /** Sees to it that a blob which this member has just kept is on enough disks. */
  void secure(StoredBlob blob);

  /** The blob, whoever has it. */
  Optional<StoredBlob> find(BlobKey key);

  /**
   * Some of its content; empty at its end.
   *
   * @throws dev.holdfast.journal.blob.NoSuchBlobException when nobody has it
   */
  byte[] read(BlobKey key, long from, int most);

  /**
   * Notes uses with whoever keeps the blobs.
   *
   * @return the blobs that nobody has
   */
  Set<BlobKey> use(Collection<BlobUse> uses);
}
