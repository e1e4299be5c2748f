package dev.holdfast.grid.chain;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ExecutionEntry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The executions that this member owns and has in memory. The futures complete on threads that must
 * not be blocked; exceptionally where the execution is another member's by now.
 */
public interface LiveMemory {
  /** Whether it is in memory, be it live or just ended. */
  CompletableFuture<Boolean> has(ExecutionKey key);

  /** Puts an execution back that this member's store has, unless there is one of its key. */
  CompletableFuture<Boolean> restore(ExecutionEntry entry);

  /** So long an answer is waited for. */
  long ANSWER_MILLIS_MAX = 5000;

  /**
   * Waits for an answer.
   *
   * @param otherwise what to go by where none comes
   */
  static boolean said(CompletableFuture<Boolean> answer, boolean otherwise) {
    return answer
        .exceptionally(failure -> otherwise)
        .completeOnTimeout(otherwise, ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .join();
  }
}
