package dev.holdfast.journal;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.blob.BlobStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where executions and definitions are kept (DESIGN §4). {@link #append} and {@link #maintain} are
 * called by one thread, the journal's writer; everything else by any thread at any time.
 */
public interface StateStore extends AutoCloseable {

  /**
   * Writes the entries, in order, in one commit: journal rows and listing rows. On return they are
   * on the disk. An entry that is fenced is failed with a {@link FencedException}, the others are
   * written all the same.
   *
   * @throws StoreException when nothing was written; the same batch may be tried again
   */
  void append(List<JournalEntry> batch);

  /**
   * Does a bounded piece of upkeep: checkpoints that are due, archives of ended executions, the
   * journal's trimming.
   *
   * @return whether there is more to do at once
   */
  boolean maintain(Instant now);

  /**
   * Reads every execution that has not ended. Called once, before the first {@link #append}. What
   * is found damaged is reported in the {@link Recovery} and left out; the rest goes on.
   */
  Recovery recover(PlanResolver plans, Consumer<ExecutionEntry> live);

  /** The execution, ended or not, as far as it is durable: newest good checkpoint plus replay. */
  Optional<ExecutionState> load(ExecutionKey key, PlanResolver plans);

  /** Like {@link #load}, with what is needed to go on writing it. */
  Optional<ExecutionEntry> loadEntry(ExecutionKey key, PlanResolver plans);

  /**
   * Like {@link #loadEntry}, read from where it is kept also if the store has it in memory: what a
   * recovery would find.
   *
   * @throws DamagedException when it can't be put together from there
   */
  default Optional<ExecutionEntry> readBack(ExecutionKey key, PlanResolver plans) {
    return loadEntry(key, plans);
  }

  /** Durable events after {@code afterSeq}, at most {@code limit}, in order. */
  List<HistoryItem> history(ExecutionKey key, long afterSeq, int limit);

  /** The newest snapshot of an execution: its position and time; empty before the first. */
  Optional<CheckpointInfo> latestCheckpoint(ExecutionKey key);

  /** A page of executions, newest first. */
  ExecutionPage list(ExecutionQuery query);

  /** Keeps a definition, unless there is one of its key; durable on return. */
  void putDefinition(StoredDefinition definition);

  /** Every definition of every tenant, oldest version first. */
  List<StoredDefinition> definitions();

  /**
   * Removes executions that ended before then, but for a tombstone of each.
   *
   * @param tenant null: of all tenants
   * @param dryRun counts only
   * @return how many of users'; deleted schedules go as well, and are not counted
   */
  int purge(@Nullable String tenant, Instant endedBefore, boolean dryRun);

  /** The highest epoch that this member has promised to go by; 0: none yet. */
  long promisedEpoch();

  /** Promises to go by no epoch lower than this one; durable on return. */
  void promiseEpoch(long epoch);

  /** Data that executions have by reference, in the same medium. */
  BlobStore blobs();

  /** Checkpoints taken since the store was opened, for metrics. */
  long checkpointCount();

  /** Bytes that the store takes on its medium, blobs in files of their own left out. */
  long sizeBytes();

  /** {@code sqlite}, {@code postgres}, {@code memory}. */
  String kind();

  @Override
  void close();

  /** A snapshot's position. */
  record CheckpointInfo(String id, long seq, Instant at) {}

  /**
   * What recovery found.
   *
   * @param live executions handed over
   * @param damaged one sentence for each thing found damaged, naming execution and position
   */
  record Recovery(int live, List<String> damaged) {}
}
