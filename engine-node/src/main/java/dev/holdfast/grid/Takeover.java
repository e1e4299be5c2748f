package dev.holdfast.grid;

import com.hazelcast.map.IMap;
import com.hazelcast.query.Predicates;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.Affirmation.Urgency;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds from the states what this member derives of the executions that come to it, and drops it
 * for those that leave; and sees to it that what it owns is on two disks, where that is how it is
 * durable. On the ownership's thread.
 */
final class Takeover implements Ownership.Handover {
  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
  private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Executions that are compared with the store in one question, about at most. */
  private static final int COMPARED_MAX = 5000;

  private static final long COMPARE_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long ENDS_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** One partition each time: all of them in half a minute. */
  private static final long LOOK_OVER_NANOS = TimeUnit.MILLISECONDS.toNanos(110);

  private static final Duration QUIET = Duration.ofSeconds(10);

  /**
   * A partition that has come is gone through once more after that: while it moves, members may
   * differ for a moment on who owns it, and each leave to the other what follows from a change.
   */
  private static final long LOOK_AFTER_MOVE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final Duration QUIET_AFTER_MOVE = Duration.ofSeconds(1);

  private record Moved(int partition, long lookAtNanos) {}

  /** Background affirmations under way at once. */
  private static final int AFFIRMATIONS_MAX = 32;

  private final MemberServices member;
  private final Replicas replicas;
  private final IMap<String, ExecutionEntry> executions;
  private final OwnerThread owner;
  private final AfterCommit after;
  private final StateStore store;
  private final PlanResolver plans;
  private final Reloading reloading;
  private final Reconciler reconciler;
  private final Nudging nudging;
  private final Set<Integer> toAffirm = new LinkedHashSet<>();
  private final Set<Integer> again = ConcurrentHashMap.newKeySet();
  private final Queue<ExecutionKey> affirming = new ArrayDeque<>();
  private final Semaphore affirmations = new Semaphore(AFFIRMATIONS_MAX);
  private final Set<Integer> toCompare = ConcurrentHashMap.newKeySet();

  /** Ended as they came here, and not known to be so durably. */
  private final Set<ExecutionKey> unsettledEnds = ConcurrentHashMap.newKeySet();

  private long endsAtNanos = System.nanoTime();
  private long compareAtNanos = System.nanoTime();
  private final Queue<Moved> movedHere = new ArrayDeque<>();
  private int lookedOver;
  private long lookOverAtNanos = System.nanoTime();
  private long tellAtNanos = System.nanoTime();

  /**
   * @param reconciler goes through what is owned, over and over
   * @param reloading told of executions whose copy here is behind the shared store, or missing
   */
  Takeover(
      MemberServices member,
      Replicas replicas,
      IMap<String, ExecutionEntry> executions,
      OwnerThread owner,
      AfterCommit after,
      StateStore store,
      PlanResolver plans,
      Reconciler reconciler,
      Reloading reloading) {
    this.member = member;
    this.replicas = replicas;
    this.executions = executions;
    this.owner = owner;
    this.after = after;
    this.store = store;
    this.plans = plans;
    this.reconciler = reconciler;
    this.reloading = reloading;
    this.nudging = new Nudging(member, key -> affirm(key, Urgency.OVERDUE));
  }

  @Override
  public IntConsumer arrived(Set<Integer> partitions) {
    Census census = census(partitions);
    return partition -> take(partition, census.of(partition));
  }

  private void take(int partition, List<ExecutionEntry> found) {
    movedHere.add(new Moved(partition, System.nanoTime() + LOOK_AFTER_MOVE_NANOS));
    if (found.isEmpty() && member.replication().durability() != Durability.SHARED_STORE) {
      return;
    }
    for (ExecutionEntry entry : found) {
      if (entry.state().slot() != null) {
        member.claims().came(entry.state());
      }
      takeOver(entry);
    }
    switch (member.replication().durability()) {
      case ALONE -> {
        // Nobody else could have anything.
      }
      case SHARED_STORE -> toCompare.add(partition);
      case TWO_DISKS -> toAffirm.add(partition);
    }
  }

  /** Whether the shared store may have more of the partition than this member knows of. */
  boolean isToBeCompared(int partition) {
    return toCompare.contains(partition);
  }

  private Census census(Set<Integer> partitions) {
    var census = new Census(replicas::partitionOf, member.live());
    Set<String> keys = partitions.stream().map(replicas::keyOf).collect(Collectors.toSet());
    executions.executeOnEntries(
        census, Predicates.multiPartitionPredicate(keys, Predicates.alwaysTrue()));
    return census;
  }

  private List<ExecutionEntry> census(int partition) {
    Census census = census(Set.of(partition));
    if (!replicas.isOwned(partition)) {
      throw new MovedException("partition " + partition + " has gone to another member");
    }
    return census.of(partition);
  }

  /**
   * Backups can have missed what the shared store has: events, and executions that had just begun.
   */
  private void compareSome(SharedStore shared) {
    var found = new ArrayList<ExecutionEntry>();
    var compared = new ArrayList<Integer>();
    for (int partition : List.copyOf(toCompare)) {
      if (found.size() < COMPARED_MAX) {
        found.addAll(replicas.isOwned(partition) ? census(partition) : List.of());
        compared.add(partition);
      }
    }
    Map<ExecutionKey, Long> heads =
        shared.heads(found.stream().map(entry -> entry.state().key()).toList());
    for (ExecutionEntry entry : found) {
      Long head = heads.get(entry.state().key());
      if (head != null && head > entry.state().seq()) {
        reloading.reload(entry.state().key());
      }
    }
    restoreMissing(shared, compared, found);
    compared.forEach(toCompare::remove);
  }

  private void restoreMissing(
      SharedStore shared, List<Integer> partitions, List<ExecutionEntry> found) {
    Set<Integer> wanted = Set.copyOf(partitions);
    Set<ExecutionKey> known = new HashSet<>();
    found.forEach(entry -> known.add(entry.state().key()));
    shared.recover(
        plans,
        key -> wanted.contains(replicas.partitionOf(key.text())) && !known.contains(key),
        missing -> reloading.restore(missing.state().key()));
  }

  private void takeOver(ExecutionEntry entry) {
    if (!isToSettleFirst(entry)) {
      after.takeOver(entry.state());
      return;
    }
    takeOverSettled(entry.state().key(), () -> unsettled(entry.state()));
  }

  /**
   * @param otherwise run when it can't be settled at the moment
   */
  private void takeOverSettled(ExecutionKey key, Runnable otherwise) {
    affirm(key, Urgency.WHERE_DUE)
        .whenComplete((settled, failure) -> {
          if (settled != null) {
            after.takeOver(settled.state());
          } else if (failure != null) {
            LOG.debug("{} was not affirmed when it came", key, failure);
            otherwise.run();
          }
        });
  }

  /**
   * An end that is not durable may never be: the store may have it otherwise, and then the
   * execution is read again. Until it is known, nobody hears of it.
   */
  private void unsettled(ExecutionState state) {
    if (state.status().isEnded()) {
      unsettledEnds.add(state.key());
    } else {
      // Whoever asks for it next settles it; until then the background tries.
      after.takeOver(state);
    }
  }

  private void settleEnds(long now) {
    if (unsettledEnds.isEmpty() || now - endsAtNanos < 0) {
      return;
    }
    endsAtNanos = now + ENDS_AGAIN_NANOS;
    for (ExecutionKey key : List.copyOf(unsettledEnds)) {
      unsettledEnds.remove(key);
      if (replicas.isOwned(key)) {
        takeOverSettled(key, () -> unsettledEnds.add(key));
      }
    }
  }

  /**
   * An end is told to others, so it has to be durable; all else that follows from a state leads to
   * commands, which settle what they rest on. What the shared store may lack is written at once.
   */
  private boolean isToSettleFirst(ExecutionEntry entry) {
    boolean isDurable = member.replication().isSettled(entry.last()) && entry.last().isDurable();
    return switch (member.replication().durability()) {
      case ALONE, TWO_DISKS -> !isDurable && entry.state().status().isEnded();
      case SHARED_STORE -> !isDurable;
    };
  }

  /** Completes with the execution once it is durable as it is; null: it isn't in memory. */
  private CompletableFuture<@Nullable ExecutionEntry> affirm(ExecutionKey key, Urgency urgency) {
    return owner
        .affirm(key, urgency)
        .thenCompose(entry ->
            entry == null
                ? CompletableFuture.completedFuture(null)
                : entry.last().whenDurable().thenApply(durable -> entry));
  }

  @Override
  public void lost(int partition) {
    Predicate<ExecutionKey> moved = key -> replicas.partitionOf(key.text()) == partition;
    AgentDispatcher dispatcher = member.dispatcher();
    dispatcher.drop(moved);
    after.drop(moved);
    reconciler.drop(moved);
    toAffirm.remove(partition);
    toCompare.remove(partition);
    affirming.removeIf(moved);
    unsettledEnds.removeIf(moved);
    member
        .journal()
        .failUnconfirmed(
            content -> moved.test(content.key()),
            new MovedException("partition " + partition + " has gone to another member"));
    member.live().set(partition, 0);
  }

  @Override
  public void backupChanged(int partition) {
    if (member.replication().durability() == Durability.TWO_DISKS) {
      toAffirm.add(partition);
    }
  }

  @Override
  public void tick() {
    long now = System.nanoTime();
    if (now - tellAtNanos >= 0) {
      tellAtNanos = now + TELL_NANOS;
      member.replication().flush();
    }
    if (member.epochs().current() == Epochs.NONE) {
      return;
    }
    reconciler.tick(now);
    lookOverSome(now);
    settleEnds(now);
    if (member.epochs().isAlone()) {
      member.replication().confirmAlone(member.journal());
      return;
    }
    nudging.tick(now);
    affirmSome();
    if (store instanceof SharedStore shared && !toCompare.isEmpty() && now - compareAtNanos >= 0) {
      // At once the first time, and later where the store does not answer.
      compareAtNanos = now + COMPARE_AGAIN_NANOS;
      compareSome(shared);
      compareAtNanos = now;
    }
  }

  /** Executions that rest are affirmed in the background, a few at a time. */
  private void affirmSome() {
    while (!affirming.isEmpty() && affirmations.tryAcquire()) {
      ExecutionKey key = affirming.remove();
      affirm(key, Urgency.NEW_BACKUP)
          .whenComplete((entry, failure) -> {
            affirmations.release();
            if (failure != null && replicas.isOwned(key)) {
              LOG.debug("{} was not affirmed, its partition is gone through again", key, failure);
              again.add(replicas.partitionOf(key.text()));
            }
          });
    }
    again.forEach(partition -> {
      again.remove(partition);
      toAffirm.add(partition);
    });
    if (affirming.isEmpty() && !toAffirm.isEmpty()) {
      int partition = toAffirm.iterator().next();
      toAffirm.remove(partition);
      census(partition).forEach(entry -> affirming.add(entry.state().key()));
    }
  }

  /**
   * Goes through what is owned, a partition at a time, for what should have followed from a state
   * and has got lost: effects are not kept anywhere else.
   */
  private void lookOverSome(long now) {
    if (reconciler.isBusy()) {
      return;
    }
    Moved first = movedHere.peek();
    if (first != null && now - first.lookAtNanos() >= 0) {
      movedHere.remove();
      lookOver(first.partition(), QUIET_AFTER_MOVE);
    } else if (now - lookOverAtNanos >= 0) {
      lookOverAtNanos = now + LOOK_OVER_NANOS;
      lookedOver = (lookedOver + 1) % replicas.count();
      lookOver(lookedOver, QUIET);
    }
  }

  /**
   * @param quiet what changed within that may have its effects under way
   */
  private void lookOver(int partition, Duration quiet) {
    Predicate<ExecutionKey> ofPartition = key -> replicas.partitionOf(key.text()) == partition;
    if (!replicas.isOwned(partition)) {
      member.claims().drop(ofPartition);
      return;
    }
    Instant quietSince = member.clock().instant().minus(quiet);
    long beginNanos = System.nanoTime();
    List<ExecutionEntry> found = census(partition);
    member
        .claims()
        .retain(
            ofPartition,
            found.stream().map(entry -> entry.state().key()).collect(Collectors.toSet()),
            beginNanos);
    reconciler.look(
        found.stream()
            .filter(
                entry -> entry.state().updatedAt().isBefore(quietSince) && entry.last().isDurable())
            .map(ExecutionEntry::state)
            .toList(),
        ofPartition);
  }
}
