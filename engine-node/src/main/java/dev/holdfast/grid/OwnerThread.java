package dev.holdfast.grid;

import com.hazelcast.map.IMap;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ExecutionEntry;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to the partition threads of what this member owns. Where an execution has just gone to
 * another member, all of these fail with a {@link MovedException}. Thread-safe; never blocks.
 */
final class OwnerThread {
  private final MemberServices member;
  private final IMap<String, ExecutionEntry> executions;

  OwnerThread(MemberServices member, IMap<String, ExecutionEntry> executions) {
    this.member = member;
    this.executions = executions;
  }

  /**
   * Runs the processor, which gives its own answer.
   *
   * @param onFailure told when it could not be run, or when it is not known whether the backup has
   *     what it did
   * @return completes once it has run and the backup has it
   */
  CompletableFuture<?> run(
      ExecutionKey key, LocalProcessor<ExecutionEntry> processor, Consumer<Throwable> onFailure) {
    return executions
        .submitToKey(key.text(), processor)
        .whenCompleteAsync(
            (unused, error) -> {
              if (error != null) {
                onFailure.accept(error);
              }
            },
            Runnable::run)
        .toCompletableFuture();
  }

  /** The execution as it is in memory, durable or not; null: it isn't. */
  CompletableFuture<@Nullable ExecutionEntry> inspect(ExecutionKey key) {
    var answer = new CompletableFuture<@Nullable ExecutionEntry>();
    run(key, new Inspection(answer), answer::completeExceptionally);
    return answer;
  }

  /** The execution, whose newest entry becomes durable by itself; null: it isn't in memory. */
  CompletableFuture<@Nullable ExecutionEntry> affirm(
      ExecutionKey key, Affirmation.Urgency urgency) {
    var answer = new CompletableFuture<@Nullable ExecutionEntry>();
    run(key, new Affirmation(member, urgency, answer), answer::completeExceptionally);
    return answer;
  }
}
