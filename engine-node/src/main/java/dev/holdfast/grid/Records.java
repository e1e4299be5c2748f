package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.StateStore.CheckpointInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is durable, of the whole cluster, whichever member is asked. Blocks; for virtual threads.
 * Every method throws {@link dev.holdfast.journal.StoreException} when something can't be read.
 */
public interface Records {
  /** Durable events after {@code afterSeq}, at most {@code limit}, in order. */
  List<HistoryItem> history(ExecutionKey key, long afterSeq, int limit);

  /** The newest snapshot of an execution: its position and time; empty before the first. */
  Optional<CheckpointInfo> latestCheckpoint(ExecutionKey key);

  /** A page of executions, newest first. */
  ExecutionPage list(ExecutionQuery query);

  /**
   * Removes executions that ended before then, but for a tombstone of each.
   *
   * @param dryRun counts only
   * @return how many
   */
  int purge(String tenant, Instant endedBefore, boolean dryRun);
}
