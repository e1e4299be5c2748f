package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ExecutionEntry;
import java.util.concurrent.CompletableFuture;

/**
 * The executions that this member owns and has in memory. The futures complete on threads that must
 * not be blocked; exceptionally where the execution is another member's by now.
 */
public interface LiveMemory {
  /** Whether it is in memory, be it live or just ended. */
  CompletableFuture<Boolean> has(ExecutionKey key);

  /** Puts an execution back that this member's store has, unless there is one of its key. */
  CompletableFuture<Boolean> restore(ExecutionEntry entry);
}
