package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.chain.Settling;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StateStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Executions that this member owns and that have left memory. Thread-safe; blocks. */
final class Archive {
  private final StateStore store;
  private final @Nullable Settling settling;

  /**
   * @param settling null: the store has all that there is
   */
  Archive(StateStore store, @Nullable Settling settling) {
    this.store = store;
    this.settling = settling;
  }

  /**
   * The execution, which is not in memory.
   *
   * @throws UnsettledException when it should be in memory, and is about to be
   */
  Optional<ExecutionEntry> loadEntry(ExecutionKey key, PlanResolver plans) {
    if (settling == null) {
      return store.loadEntry(key, plans);
    }
    settling.settle(key);
    Optional<ExecutionEntry> entry = store.loadEntry(key, plans);
    if (entry.isPresent() && !entry.get().state().status().isEnded()) {
      // A live one has its truth in memory; deciding on what a disk has could undo what it did.
      throw new UnsettledException(key + " is live on disk only; it is being put back");
    }
    return entry;
  }

  /** The state of {@link #loadEntry}. */
  Optional<ExecutionState> load(ExecutionKey key, PlanResolver plans) {
    return loadEntry(key, plans).map(ExecutionEntry::state);
  }
}
