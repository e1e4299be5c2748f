package dev.holdfast.grid.blob;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUse;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Removes from a store what no execution that is kept refers to. A use is written before its
 * execution's event, so one without an execution is either on its way, and young, or has come to
 * nothing.
 */
final class Sweep {
  private static final int PAGE = 500;

  private final BlobStore store;
  private final Users users;

  Sweep(BlobStore store, Users users) {
    this.store = store;
    this.users = users;
  }

  /**
   * @param before what was touched or begun to be used since then stays
   * @return how many blobs were removed
   */
  int run(Instant before) {
    List<BlobUse> page = store.uses(null, PAGE);
    while (!page.isEmpty()) {
      List<BlobUse> old = page.stream().filter(use -> use.since().isBefore(before)).toList();
      if (!old.isEmpty()) {
        release(old);
      }
      page = store.uses(page.getLast(), PAGE);
    }
    return store.removeUnused(before);
  }

  private void release(List<BlobUse> uses) {
    Set<ExecutionKey> executions = uses.stream().map(BlobUse::by).collect(Collectors.toSet());
    Set<ExecutionKey> gone = users.gone(executions);
    List<BlobUse> ended = uses.stream().filter(use -> gone.contains(use.by())).toList();
    if (!ended.isEmpty()) {
      store.release(ended);
    }
  }
}
