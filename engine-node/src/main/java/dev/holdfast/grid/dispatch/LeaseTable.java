package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskToken;
import dev.holdfast.core.Command.LoseLease;
import dev.holdfast.core.LeaseLoss;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Dispatcher.Progress;
import dev.holdfast.grid.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of this member's running attempts. A lease is lost when its agent disconnects, denies
 * it, or is silent for longer than the task allows, or when nobody claims it after a restart; the
 * attempt then ends by a {@link LoseLease} command. Thread-safe.
 */
final class LeaseTable {
  /** How long an attempt of before a restart or fail-over may stay unclaimed. */
  static final long CLAIM_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** A connected agent that has not sent a beat for so long counts as gone. */
  static final long SILENCE_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

  /** An attempt younger than this may be missing from a beat: it can be on its way still. */
  private static final long DELIVERY_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

  /** When a lost lease is tried to be lost again, in case the first command found no store. */
  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Logger LOG = LoggerFactory.getLogger(LeaseTable.class);

  private final CommandSink commands;
  private final LongSupplier nanoClock;
  private final Map<Long, Lease> leases = new ConcurrentHashMap<>();

  /** Those that the sweep has to look at. */
  private final Set<Lease> watched = ConcurrentHashMap.newKeySet();

  /** Those that somebody else handed over and nobody has named yet. */
  private final Set<Lease> unclaimed = ConcurrentHashMap.newKeySet();

  private final LongAdder losses = new LongAdder();

  LeaseTable(CommandSink commands, LongSupplier nanoClock) {
    this.commands = commands;
    this.nanoClock = nanoClock;
  }

  /** An attempt that was given to a connected agent, or (null) answers a poll. */
  void held(ExecutionKey execution, Assignment assignment, @Nullable Connection holder) {
    Lease lease = put(execution, assignment, holder, Long.MAX_VALUE);
    if (holder == null) {
      return;
    }
    holder.held.put(lease.token.nonce(), lease);
    if (!holder.open) {
      // It disconnected while this was on its way here and may not have seen it.
      lose(lease, LeaseLoss.DISCONNECTED);
    }
  }

  /**
   * An attempt that somebody else handed over: its holder has {@link #CLAIM_NANOS}, or as long as
   * the task allows between heartbeats. Does nothing when its lease is known.
   */
  void unclaimed(ExecutionKey execution, Assignment assignment) {
    if (leases.containsKey(assignment.token().nonce())) {
      return;
    }
    // Who works over HTTP says that it is alive only as often as the task asks for.
    long silenceNanos = TimeUnit.MILLISECONDS.toNanos(assignment.heartbeatMillis());
    long claimWithin = Math.max(CLAIM_NANOS, silenceNanos);
    unclaimed.add(put(execution, assignment, null, nanoClock.getAsLong() + claimWithin));
  }

  private Lease put(
      ExecutionKey execution,
      Assignment assignment,
      @Nullable Connection holder,
      long claimUntilNanos) {
    var lease =
        new Lease(
            execution,
            assignment.token(),
            assignment.worker(),
            TimeUnit.MILLISECONDS.toNanos(assignment.heartbeatMillis()),
            nanoClock.getAsLong(),
            holder,
            claimUntilNanos);
    leases.put(lease.token.nonce(), lease);
    if (lease.isWatched()) {
      watched.add(lease);
    }
    return lease;
  }

  /** Forgets the leases of these executions, without ending their attempts. */
  void drop(Predicate<ExecutionKey> moved) {
    for (Lease lease : leases.values()) {
      if (moved.test(lease.execution)) {
        remove(lease.token.nonce());
      }
    }
  }

  @Nullable Lease remove(long nonce) {
    Lease lease = leases.remove(nonce);
    if (lease == null) {
      return null;
    }
    watched.remove(lease);
    unclaimed.remove(lease);
    if (lease.holder instanceof Connection connection) {
      connection.held.remove(nonce);
    }
    return lease;
  }

  /** A sign of life of one attempt. Returns whether the attempt is running. */
  boolean heard(
      String tenant, TaskToken token, @Nullable Double progress, @Nullable Object details) {
    Lease lease = find(tenant, token);
    if (lease == null) {
      return false;
    }
    lease.claimed(nanoClock.getAsLong());
    unclaimed.remove(lease);
    Progress before = lease.progress;
    if (progress != null || details != null) {
      lease.progress =
          new Progress(
              progress == null && before != null ? before.progress() : progress,
              details == null && before != null ? before.details() : details,
              Instant.now());
    }
    return true;
  }

  @Nullable Progress progress(String tenant, TaskToken token) {
    Lease lease = find(tenant, token);
    return lease == null ? null : lease.progress;
  }

  private @Nullable Lease find(String tenant, TaskToken token) {
    Lease lease = leases.get(token.nonce());
    return lease != null && lease.token.equals(token) && lease.execution.tenant().equals(tenant)
        ? lease
        : null;
  }

  /**
   * Compares what an agent says it runs with what it was given: takes over what it held before a
   * restart or under another owner, and loses what it has twice not named.
   */
  void reconcile(Connection connection, Set<TaskToken> running) {
    long now = nanoClock.getAsLong();
    for (TaskToken token : running) {
      Lease lease = find(connection.profile.tenant(), token);
      if (lease != null && lease.holder == null) {
        unclaimed.remove(lease);
        lease.holder = connection;
        lease.claimed(now);
        connection.held.put(token.nonce(), lease);
      }
    }
    for (Lease lease : connection.held.values()) {
      if (running.contains(lease.token)) {
        lease.missedBeats = 0;
      } else if (now - lease.startedNanos > DELIVERY_NANOS_MAX && ++lease.missedBeats == 2) {
        lose(lease, LeaseLoss.UNCLAIMED);
      }
    }
    for (Lease lease : unclaimed) {
      boolean denied =
          lease.holder == null
              && lease.worker.equals(connection.profile.worker())
              && lease.execution.tenant().equals(connection.profile.tenant())
              && !running.contains(lease.token);
      if (denied && ++lease.missedBeats == 2) {
        // The push was lost with the member that sent it.
        lose(lease, LeaseLoss.UNCLAIMED);
      }
    }
  }

  /** Those of the tokens that name no running attempt, of executions whose attempts are known. */
  List<TaskToken> notLive(String tenant, Set<TaskToken> tokens, Predicate<ExecutionKey> takenOver) {
    var stale = new ArrayList<TaskToken>();
    for (TaskToken token : tokens) {
      if (takenOver.test(new ExecutionKey(tenant, token.execution()))
          && find(tenant, token) == null) {
        stale.add(token);
      }
    }
    return stale;
  }

  void loseAllOf(Connection connection) {
    connection.held.values().forEach(lease -> lose(lease, LeaseLoss.DISCONNECTED));
  }

  /** Loses what has been silent or unclaimed for too long. */
  void sweep() {
    long now = nanoClock.getAsLong();
    for (Lease lease : watched) {
      if (now - lease.claimUntilNanos >= 0 && lease.claimUntilNanos != Long.MAX_VALUE) {
        lose(lease, LeaseLoss.UNCLAIMED);
      } else if (lease.heartbeatNanos > 0 && now - lease.heardNanos > lease.heartbeatNanos) {
        lease.heardNanos = now + REPEAT_NANOS - lease.heartbeatNanos;
        lose(lease, LeaseLoss.HEARTBEAT);
      }
    }
  }

  /** It answered a poll that nobody waits for any more. */
  void undelivered(String tenant, TaskToken token) {
    Lease lease = find(tenant, token);
    if (lease != null) {
      lose(lease, LeaseLoss.DISCONNECTED);
    }
  }

  private void lose(Lease lease, LeaseLoss reason) {
    // Until the attempt has ended the sweep tries again: the store may not take it now.
    lease.claimUntilNanos = nanoClock.getAsLong() + REPEAT_NANOS;
    watched.add(lease);
    TaskToken token = lease.token;
    var command = new LoseLease(token.task(), token.attempt(), token.nonce(), reason);
    commands
        .submit(lease.execution, command)
        .whenComplete((outcome, error) -> {
          switch (outcome) {
            case Outcome.Done _ -> losses.increment();
            case Outcome.Refused refused -> forgetEnded(lease, refused.rejection().code());
            case null -> LOG.warn("lease {} of {} was not ended", token, lease.execution, error);
          }
        });
  }

  private void forgetEnded(Lease lease, Rejection.Code code) {
    if (code == Rejection.Code.STALE_ATTEMPT || code == Rejection.Code.EXECUTION_NOT_FOUND) {
      remove(lease.token.nonce());
    }
  }

  Iterable<Lease> all() {
    return leases.values();
  }

  boolean has(long nonce) {
    return leases.containsKey(nonce);
  }

  int size() {
    return leases.size();
  }

  long lossCount() {
    return losses.sum();
  }
}
