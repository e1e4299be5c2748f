package dev.holdfast.grid.reach;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.Records;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one member offers of the whole cluster: records, agents and their work, events, and the ends
 * of executions, wherever they are owned (ADR 0024). Thread-safe.
 */
public final class Reach {
  private final Records records;

  /**
   * Answers other members' questions from here on.
   *
   * @param store this member's
   * @param find the execution as it is now, as far as it is durable, wherever it is owned; blocks
   */
  public Reach(
      Peers peers,
      Replicas replicas,
      StateStore store,
      Function<ExecutionKey, Optional<ExecutionState>> find) {
    var neighbours = new Neighbours(peers, replicas);
    this.records =
        store instanceof SharedStore
            ? new StoreRecords(store)
            : new ClusterRecords(store, neighbours, find);
  }

  /** Lists, histories and checkpoints of the whole cluster. */
  public Records records() {
    return records;
  }
}
