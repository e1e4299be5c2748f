package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.chain.LiveMemory;
import dev.holdfast.journal.ExecutionEntry;
import java.util.concurrent.CompletableFuture;

/** What of the executions map this member owns, for the settling of chains. */
final class OwnedExecutions implements LiveMemory {
  private final MemberServices member;
  private final Replicas replicas;
  private final OwnerThread owner;
  private final AfterCommit after;

  OwnedExecutions(MemberServices member, Replicas replicas, OwnerThread owner, AfterCommit after) {
    this.member = member;
    this.replicas = replicas;
    this.owner = owner;
    this.after = after;
  }

  @Override
  public CompletableFuture<Boolean> has(ExecutionKey key) {
    return owner.inspect(key).thenApply(entry -> entry != null);
  }

  @Override
  public CompletableFuture<Boolean> restore(ExecutionEntry entry) {
    ExecutionKey key = entry.state().key();
    var answer = new CompletableFuture<Boolean>();
    int partition = replicas.partitionOf(key.text());
    owner.run(
        key, new Restoration(member, partition, entry, answer), answer::completeExceptionally);
    return answer.thenApply(restored -> {
      if (restored) {
        after.takeOver(entry.state());
      }
      return restored;
    });
  }
}
