package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Standstill;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the executions that a member owns for two things that should never be (ADR 0037): one
 * that can't move any more, and something derived that has got lost. The first it reports, the
 * second it makes anew. Called by one thread; the figures are for any.
 */
final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /** Executions looked at in one tick, at most. */
  static final int LOOKS_MAX = 2000;

  /** What is missing for so long is not on its way any more. */
  static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Suspect(ExecutionKey key, long seq, long lookAtNanos) {}

  private final Drift drift;
  private final Consumer<ExecutionState> rederive;
  private final Function<ExecutionKey, CompletableFuture<@Nullable ExecutionState>> inspect;
  private final Queue<ExecutionState> toLook = new ArrayDeque<>();
  private final Queue<Suspect> suspects = new ArrayDeque<>();
  private final Set<ExecutionKey> stuck = ConcurrentHashMap.newKeySet();
  private final LongAdder repairs = new LongAdder();
  private volatile boolean resting;

  /**
   * @param rederive makes everything anew that is derived from a state; any thread
   * @param inspect the execution as it is now; null: it isn't here any more
   */
  Reconciler(
      Drift drift,
      Consumer<ExecutionState> rederive,
      Function<ExecutionKey, CompletableFuture<@Nullable ExecutionState>> inspect) {
    this.drift = drift;
    this.rederive = rederive;
    this.inspect = inspect;
  }

  /** Whether it has still to go through what it was given, or looks at nothing any more. */
  boolean isBusy() {
    return resting || !toLook.isEmpty();
  }

  /** Looks at nothing any more: the member leaves, and its map goes away under it. */
  void rest() {
    resting = true;
  }

  /**
   * These are at rest, and durable as they are.
   *
   * @param ofSamePartition which executions are in the partition that was gone through: those of
   *     them that were stuck and aren't among the states are no longer
   */
  void look(Collection<ExecutionState> atRest, Predicate<ExecutionKey> ofSamePartition) {
    if (!stuck.isEmpty()) {
      Set<ExecutionKey> still = ConcurrentHashMap.newKeySet();
      atRest.forEach(state -> still.add(state.key()));
      stuck.removeIf(key -> ofSamePartition.test(key) && !still.contains(key));
    }
    toLook.addAll(atRest);
  }

  /** Goes on with what it was given, a bounded number each time. */
  void tick(long nowNanos) {
    if (resting) {
      return;
    }
    for (int i = 0; i < LOOKS_MAX && !toLook.isEmpty(); i++) {
      look(toLook.remove(), nowNanos);
    }
    Suspect suspect = suspects.peek();
    while (suspect != null && nowNanos - suspect.lookAtNanos() >= 0) {
      lookAgain(suspects.remove());
      suspect = suspects.peek();
    }
  }

  private void look(ExecutionState state, long nowNanos) {
    ExecutionKey key = state.key();
    if (!Standstill.isStuck(state)) {
      stuck.remove(key);
    } else if (stuck.add(key)) {
      LOG.error(
          "execution {} ({}, {}, seq {}) can't go on: nothing that it waits for will come."
              + " POST /v1/executions/{}/repair lets it go on if its state allows that; please"
              + " report it with its history",
          key,
          state.plan(),
          state.status(),
          state.seq(),
          key.id());
    }
    if (drift.of(state).isEmpty()) {
      // What is not compared is made anew: that does no harm where it is there.
      rederive.accept(state);
    } else {
      suspects.add(new Suspect(key, state.seq(), nowNanos + LOOK_AGAIN_NANOS));
    }
  }

  private void lookAgain(Suspect suspect) {
    inspect
        .apply(suspect.key())
        .thenAccept(state -> {
          if (state == null || state.seq() != suspect.seq()) {
            return;
          }
          List<String> missing = drift.of(state);
          if (!missing.isEmpty()) {
            repairs.add(missing.size());
            LOG.warn("execution {}: {}; made anew", suspect.key(), String.join(", ", missing));
            rederive.accept(state);
          }
        })
        .whenComplete((unused, failure) -> {
          if (failure != null) {
            LOG.debug("{} was not looked at again, its partition will be", suspect.key(), failure);
          }
        });
  }

  /** These are another member's business. */
  void drop(Predicate<ExecutionKey> moved) {
    stuck.removeIf(moved);
    suspects.removeIf(suspect -> moved.test(suspect.key()));
    toLook.removeIf(state -> moved.test(state.key()));
  }

  /** Executions that can't go on, for metrics. */
  int stuckCount() {
    return stuck.size();
  }

  /** What had got lost and was made anew since the start, for metrics. */
  long repairCount() {
    return repairs.sum();
  }

  /** Something that had got lost was made anew by somebody's wish. */
  void repaired(ExecutionState state, int count) {
    repairs.add(count);
    if (!Standstill.isStuck(state)) {
      stuck.remove(state.key());
    }
  }
}
