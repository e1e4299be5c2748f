package dev.holdfast.grid.reach.news;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.reach.Neighbours;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for ends of executions wherever they are owned. The owner is told that the end is wanted
 * and tells it; whenever the owner changes, did not know, or could not be reached, the execution is
 * looked up, and now and then anyway. So no end is missed for long, whatever gets lost.
 * Thread-safe.
 */
public final class ClusterEnds {
  /** Every so many seconds an execution is looked up although nothing was heard of it. */
  private static final int LOOK_ANYWAY_SECONDS = 10;

  private static final int LOOKS_AT_ONCE_MAX = 32;
  private static final Logger LOG = LoggerFactory.getLogger(ClusterEnds.class);

  private final EndWaiters here;
  private final Neighbours neighbours;
  private final Announcements announcements;
  private final Function<ExecutionKey, Optional<ExecutionState>> find;

  /** Executions that are waited for and owned elsewhere, with who was seen to own them last. */
  private final Map<ExecutionKey, UUID> elsewhere = new ConcurrentHashMap<>();

  /** Those that could not be looked up. */
  private final Set<ExecutionKey> again = ConcurrentHashMap.newKeySet();

  private final Semaphore looks = new Semaphore(LOOKS_AT_ONCE_MAX);

  ClusterEnds(
      EndWaiters here,
      Neighbours neighbours,
      Announcements announcements,
      Function<ExecutionKey, Optional<ExecutionState>> find) {
    this.here = here;
    this.neighbours = neighbours;
    this.announcements = announcements;
    this.find = find;
  }

  /** Completes with the next end of the execution; cancel it to stop waiting. Never blocks. */
  public CompletableFuture<ExecutionState> next(ExecutionKey key) {
    CompletableFuture<ExecutionState> end = here.await(key);
    if (!neighbours.isAlone()) {
      int partition = neighbours.partitionOf(key);
      UUID owner = neighbours.isOwned(partition) ? null : neighbours.owner(partition);
      if (owner != null && !owner.equals(elsewhere.put(key, owner))) {
        announcements
            .end(owner, key.text())
            .whenComplete((reply, failure) -> {
              // It may have ended before its owner knew that somebody waits.
              look(key);
            });
      }
    }
    return end;
  }

  /** Ends that this member wants to be told by that one. */
  Set<String> wantedOf(UUID member) {
    var wanted = new HashSet<String>();
    elsewhere.forEach((key, owner) -> {
      if (owner.equals(member)) {
        wanted.add(key.text());
      }
    });
    return wanted;
  }

  /** Sees who owns what now, and looks up what may have been missed. Called every second. */
  void round(long second) {
    if (neighbours.isAlone() && elsewhere.isEmpty()) {
      return;
    }
    var stale = new HashSet<>(again);
    again.clear();
    elsewhere.keySet().retainAll(here.keys());
    for (ExecutionKey key : here.keys()) {
      int partition = neighbours.partitionOf(key);
      UUID owner = neighbours.owner(partition);
      if (owner == null) {
        continue;
      }
      if (owner.equals(neighbours.self())) {
        if (elsewhere.remove(key) != null) {
          stale.add(key);
        }
      } else {
        elsewhere.put(key, owner);
        if (Math.floorMod(key.hashCode(), LOOK_ANYWAY_SECONDS) == second % LOOK_ANYWAY_SECONDS) {
          stale.add(key);
        }
      }
    }
    stale.forEach(this::look);
  }

  /** These have ended, or their owner did not know that anybody waits for them. */
  void lookAll(Collection<String> executions) {
    executions.forEach(text -> look(ExecutionKey.parse(text)));
  }

  private void look(ExecutionKey key) {
    Thread.ofVirtual().name("holdfast-end").start(() -> lookNow(key));
  }

  private void lookNow(ExecutionKey key) {
    looks.acquireUninterruptibly();
    try {
      if (!here.keys().contains(key)) {
        return;
      }
      @Nullable ExecutionState state = find.apply(key).orElse(null);
      if (state != null && state.status().isEnded()) {
        here.complete(state);
        elsewhere.remove(key);
      }
    } catch (RuntimeException e) {
      LOG.debug("{} can't be looked up now", key, e);
      again.add(key);
    } finally {
      looks.release();
    }
  }
}
