package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.chain.LiveMemory;
import dev.holdfast.journal.ExecutionEntry;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What of the executions map this member owns, for the settling of chains. */
final class OwnedExecutions implements LiveMemory {
  private final MemberServices member;
  private final Replicas replicas;
  private final IMap<String, ExecutionEntry> executions;
  private final AfterCommit after;

  OwnedExecutions(
      MemberServices member,
      Replicas replicas,
      IMap<String, ExecutionEntry> executions,
      AfterCommit after) {
    this.member = member;
    this.replicas = replicas;
    this.executions = executions;
    this.after = after;
  }

  @Override
  public CompletableFuture<Boolean> has(ExecutionKey key) {
    var answer = new CompletableFuture<@Nullable ExecutionEntry>();
    run(key, new Inspection(answer), answer);
    return answer.thenApply(entry -> entry != null);
  }

  @Override
  public CompletableFuture<Boolean> restore(ExecutionEntry entry) {
    ExecutionKey key = entry.state().key();
    var answer = new CompletableFuture<Boolean>();
    int partition = replicas.partitionOf(key.text());
    run(key, new Restoration(member, partition, entry, answer), answer);
    return answer.thenApply(restored -> {
      if (restored) {
        after.takeOver(entry.state());
      }
      return restored;
    });
  }

  private void run(
      ExecutionKey key,
      EntryProcessor<String, ExecutionEntry, Void> processor,
      CompletableFuture<?> answer) {
    executions
        .submitToKey(key.text(), processor)
        .whenCompleteAsync(
            (unused, error) -> {
              if (error != null) {
                answer.completeExceptionally(error);
              }
            },
            Runnable::run);
  }
}
