package dev.holdfast.grid;

import com.hazelcast.map.IMap;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StateStore;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops copies of executions that have turned out to be outdated, since another member wrote to the
 * shared store in the meantime, and takes what the store has. Thread-safe; never blocks.
 */
final class Reloading {
  private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);
  private static final long AGAIN_MILLIS = 500;

  private final MemberServices member;
  private final Replicas replicas;
  private final IMap<String, ExecutionEntry> executions;
  private final StateStore store;
  private final PlanResolver plans;
  private final AfterCommit after;
  private final Set<ExecutionKey> underWay = ConcurrentHashMap.newKeySet();

  /** Their memory is as the store has it; what is derived from it is still to be made anew. */
  private final Set<ExecutionKey> rebuilding = ConcurrentHashMap.newKeySet();

  private final LongAdder count = new LongAdder();

  Reloading(
      MemberServices member,
      Replicas replicas,
      IMap<String, ExecutionEntry> executions,
      StateStore store,
      PlanResolver plans,
      AfterCommit after) {
    this.member = member;
    this.replicas = replicas;
    this.executions = executions;
    this.store = store;
    this.plans = plans;
    this.after = after;
  }

  /** Does so soon, again and again until the store answers. */
  void reload(ExecutionKey key) {
    if (underWay.add(key)) {
      count.increment();
      LOG.warn("{} was outdated here: another member has written to it. It is read again", key);
      Thread.startVirtualThread(() -> attempt(key));
    }
  }

  /** Does so where the execution is not in memory at all, if it has not ended. */
  void restore(ExecutionKey key) {
    if (underWay.add(key)) {
      count.increment();
      LOG.info("{} is in the store and was not found in memory. It is read", key);
      Thread.startVirtualThread(() -> attempt(key));
    }
  }

  /** Whether an execution of the partition is being read. */
  boolean isUnderWay(int partition) {
    return isAmong(underWay, partition) || isAmong(rebuilding, partition);
  }

  private boolean isAmong(Set<ExecutionKey> keys, int partition) {
    return !keys.isEmpty()
        && keys.stream().anyMatch(key -> replicas.partitionOf(key.text()) == partition);
  }

  /** Readings begun since the start. */
  long count() {
    return count.sum();
  }

  private void attempt(ExecutionKey key) {
    try {
      @Nullable ExecutionEntry stored = store.loadEntry(key, plans).orElse(null);
      // After that, so that what was read is of no later epoch.
      Archive.requireCurrent(store, member.epochs());
      var answer = new CompletableFuture<Boolean>();
      executions
          .submitToKey(
              key.text(), new Reload(member, replicas.partitionOf(key.text()), stored, answer))
          .toCompletableFuture()
          .get(AGAIN_MILLIS * 10, TimeUnit.MILLISECONDS);
      rebuilding.add(key);
      underWay.remove(key);
      try {
        if (answer.join()) {
          rebuild(key, stored);
        }
      } finally {
        rebuilding.remove(key);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.info("{} could not be read again yet: {}", key, e.toString());
      CompletableFuture.delayedExecutor(
              AGAIN_MILLIS, TimeUnit.MILLISECONDS, Thread::startVirtualThread)
          .execute(() -> attempt(key));
    }
  }

  private void rebuild(ExecutionKey key, @Nullable ExecutionEntry stored) {
    member.dispatcher().drop(key::equals);
    after.drop(key::equals);
    if (stored != null) {
      after.takeOver(stored.state());
    }
  }
}
