package dev.holdfast.grid.reach.records;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.Records;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StateStore.CheckpointInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the store has that all members share: all there is. */
public record StoreRecords(StateStore store) implements Records {
  @Override
  public List<HistoryItem> history(ExecutionKey key, long afterSeq, int limit) {
    return store.history(key, afterSeq, limit);
  }

  @Override
  public Optional<CheckpointInfo> latestCheckpoint(ExecutionKey key) {
    return store.latestCheckpoint(key);
  }

  @Override
  public ExecutionPage list(ExecutionQuery query) {
    return store.list(query);
  }

  @Override
  public int purge(String tenant, Instant endedBefore, boolean dryRun) {
    return store.purge(tenant, endedBefore, dryRun);
  }
}
