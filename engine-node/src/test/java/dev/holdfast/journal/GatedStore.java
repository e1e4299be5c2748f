package dev.holdfast.journal;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store whose commits a test lets through, holds up or makes fail. */
final class GatedStore implements StateStore {
  final Semaphore gate = new Semaphore(Integer.MAX_VALUE);
  final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
  volatile boolean full;
  volatile int attempts;
  private final MemoryStateStore store = new MemoryStateStore();

  @Override
  public void append(List<JournalEntry> batch) {
    gate.acquireUninterruptibly();
    gate.release();
    attempts++;
    if (full) {
      throw new StoreException("disk full");
    }
    batches.add(batch.size());
    store.append(batch);
  }

  @Override
  public boolean maintain(Instant now) {
    return store.maintain(now);
  }

  @Override
  public Recovery recover(PlanResolver plans, Consumer<ExecutionEntry> live) {
    return store.recover(plans, live);
  }

  @Override
  public Optional<ExecutionState> load(ExecutionKey key, PlanResolver plans) {
    return store.load(key, plans);
  }

  @Override
  public Optional<ExecutionEntry> loadEntry(ExecutionKey key, PlanResolver plans) {
    return store.loadEntry(key, plans);
  }

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
  public void putDefinition(StoredDefinition definition) {
    store.putDefinition(definition);
  }

  @Override
  public List<StoredDefinition> definitions() {
    return store.definitions();
  }

  @Override
  public int purge(@Nullable String tenant, Instant endedBefore, boolean dryRun) {
    return store.purge(tenant, endedBefore, dryRun);
  }

  @Override
  public long sizeBytes() {
    return store.sizeBytes();
  }

  @Override
  public long promisedEpoch() {
    return store.promisedEpoch();
  }

  @Override
  public void promiseEpoch(long epoch) {
    store.promiseEpoch(epoch);
  }

  @Override
  public BlobStore blobs() {
    return store.blobs();
  }

  @Override
  public long checkpointCount() {
    return store.checkpointCount();
  }

  @Override
  public String kind() {
    return "gated";
  }

  @Override
  public void close() {
    store.close();
  }
}
