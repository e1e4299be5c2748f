package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
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
  private final Epochs epochs;

  /**
   * @param settling null: the store has all that there is
   */
  Archive(StateStore store, @Nullable Settling settling, Epochs epochs) {
    this.store = store;
    this.settling = settling;
    this.epochs = epochs;
  }

  /**
   * The execution, which is not in memory, for who goes on from it.
   *
   * @throws UnsettledException also when others have promised a later epoch than this member knows
   *     of: what is in the shared store may have been decided under that one
   */
  Optional<ExecutionEntry> loadToGoOn(ExecutionKey key, PlanResolver plans) {
    Optional<ExecutionEntry> entry = loadEntry(key, plans);
    if (entry.isPresent()) {
      // After that, so that what was read is of no later epoch.
      requireCurrent(store, epochs);
    }
    return entry;
  }

  /**
   * Whoever goes on from what another has decided has to have heard of that one's epoch.
   *
   * @throws UnsettledException when this member has not
   */
  static void requireCurrent(StateStore store, Epochs epochs) {
    long promised = store.promisedEpoch();
    long current = epochs.current();
    if (current < promised) {
      throw new UnsettledException(
          "this member goes by epoch " + current + ", others have promised " + promised);
    }
  }

  /**
   * The execution, which is not in memory. What one disk has or lacks says nothing where the others
   * may have gone on without this member.
   *
   * @throws UnsettledException when it should be in memory, and is about to be; or when this member
   *     has no part in the quorum
   */
  Optional<ExecutionEntry> loadEntry(ExecutionKey key, PlanResolver plans) {
    if (settling == null) {
      return store.loadEntry(key, plans);
    }
    long epoch = epochs.current();
    settling.settle(key);
    Optional<ExecutionEntry> entry = store.loadEntry(key, plans);
    // The same one before and after: nobody came, went or cut this member off in between.
    if (epoch == Epochs.NONE || epoch != epochs.current()) {
      throw new UnsettledException("whether " + key + " is there is for the quorum to say");
    }
    if (entry.isPresent() && !entry.get().state().status().isEnded()) {
      // A live one has its truth in memory; deciding on what a disk has could undo what it did.
      throw new UnsettledException(key + " is live on disk only; it is being put back");
    }
    return entry;
  }
}
