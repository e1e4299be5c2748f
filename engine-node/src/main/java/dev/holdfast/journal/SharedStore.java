package dev.holdfast.journal;

import dev.holdfast.api.ExecutionKey;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A store that all members of a cluster write to. It is the fence between them: {@link #append}
 * takes an entry only when it goes on from the execution's durable head, or is already there to the
 * byte (a new owner writes again what the one before may not have written); any other fails with a
 * {@link FencedException}.
 */
public interface SharedStore extends StateStore {
  /**
   * Reads executions that have not ended, in parallel. What is found damaged is reported and left
   * out.
   *
   * @param wanted which ones; asked before anything of an execution but its key is read
   */
  Recovery recover(
      PlanResolver plans, Predicate<ExecutionKey> wanted, Consumer<ExecutionEntry> live);

  /** The last durable seq of each of these executions; those that the store lacks are left out. */
  Map<ExecutionKey, Long> heads(Collection<ExecutionKey> keys);
}
