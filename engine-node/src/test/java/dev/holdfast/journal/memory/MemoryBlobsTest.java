package dev.holdfast.journal.memory;

import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.blob.BlobStoreContract;

class MemoryBlobsTest extends BlobStoreContract {
  @Override
  protected StateStore open() {
    return new MemoryStateStore();
  }
}
