package dev.holdfast.grid.blob;

import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUse;
import dev.holdfast.journal.blob.StoredBlob;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** The one store that there is: of a member that is alone, or shared by all. */
record OneStore(BlobStore store) implements Holders {
  @Override
  public void secure(StoredBlob blob) {
    // It is where it belongs.
  }

  @Override
  public Optional<StoredBlob> find(BlobKey key) {
    return store.find(key);
  }

  @Override
  public byte[] read(BlobKey key, long from, int most) {
    return store.read(key, from, most);
  }

  @Override
  public Set<BlobKey> use(Collection<BlobUse> uses) {
    return store.use(uses);
  }
}
