package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.api.TaskToken;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.Command.StartTask;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.TaskState;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Dispatcher;
import dev.holdfast.grid.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands ready tasks to agents. A ready task meets an agent with credit in one of two ways: the
 * transition that makes it ready reserves a place at once ({@link #reserve}), so that one commit
 * carries both; or it waits in a queue until credit comes ({@link #grant}), and is then started by
 * a command of its own. Everything here is derived from the executions' states and can be rebuilt.
 *
 * <p>Thread-safe. One lock guards queues, channels and credits, and is never held while anything
 * else is called that waits.
 */
public final class AgentDispatcher implements Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(AgentDispatcher.class);

  /** How long a task rests when the store did not take its start. */
  private static final long OFFER_AGAIN_MILLIS = 500;

  private final CommandSink commands;
  private final RandomGenerator random;
  private final LongSupplier nanoClock;
  private final LeaseTable leases;
  private final AgentDirectory directory;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Capability, Market> markets = new HashMap<>();
  private final Map<ExecutionKey, Map<String, ReadyTask>> waiting = new HashMap<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  /** Places put aside for attempts whose start is not durable yet, by nonce. */
  private final Map<Long, Reservation> reserved = new ConcurrentHashMap<>();

  /** What the running batch of effects hands over; used by the effects thread alone. */
  private final Map<AgentChannel, List<Assignment>> outgoing = new IdentityHashMap<>();

  private volatile boolean open = true;

  /**
   * @param random for attempts' nonces; must be hard to guess
   * @param nanoClock as {@code System.nanoTime}
   */
  public AgentDispatcher(CommandSink commands, RandomGenerator random, LongSupplier nanoClock) {
    this.commands = commands;
    this.random = random;
    this.nanoClock = nanoClock;
    this.leases = new LeaseTable(commands, nanoClock);
    this.directory = new AgentDirectory(nanoClock);
  }

  // ---- called by transitions, on partition threads ----

  /** A place for a task that became ready just now; null when others wait or nobody has credit. */
  public @Nullable Reservation reserve(String tenant, AgentTask kind) {
    lock.lock();
    try {
      Market market = markets.get(new Capability(tenant, kind.capability()));
      var queue = new QueueKey(tenant, kind.capability(), kind.requires());
      if (!open || market == null || market.hasWaiting(queue)) {
        return null;
      }
      AgentChannel channel = market.channelFor(queue);
      return channel == null ? null : reserve(channel);
    } finally {
      lock.unlock();
    }
  }

  /** Gives back a place whose task was not started after all. */
  public void release(Reservation reservation) {
    if (reserved.remove(reservation.nonce()) == null) {
      return;
    }
    List<Handover> handovers;
    lock.lock();
    try {
      reservation.channel().released();
      handovers = match(reservation.channel());
    } finally {
      lock.unlock();
    }
    handovers.forEach(this::start);
  }

  // ---- effects, on the effects thread or before it runs ----

  /** The task waits for an agent. Does nothing when it no longer does, or is queued already. */
  public void offer(ExecutionState state, String id) {
    PlannedTask planned = state.plan().task(id);
    TaskState task = state.task(id);
    if (task.status() != TaskStatus.READY || !(planned.kind() instanceof AgentTask kind)) {
      return;
    }
    Integer priority = planned.priority();
    var queue = new QueueKey(state.key().tenant(), kind.capability(), kind.requires());
    var readyAt = task.readyAt() == null ? state.updatedAt() : task.readyAt();
    offer(
        new ReadyTask(
            state.key(),
            id,
            queue,
            priority == null ? state.header().priority() : priority,
            readyAt.toEpochMilli()));
  }

  private void offer(ReadyTask task) {
    Handover handover = null;
    lock.lock();
    try {
      var ofExecution = waiting.computeIfAbsent(task.execution(), unused -> new HashMap<>(4));
      if (ofExecution.putIfAbsent(task.task(), task) != null) {
        return;
      }
      Market market = market(task.queue());
      market.queue(task.queue()).add(task);
      AgentChannel channel = open ? market.channelFor(task.queue()) : null;
      if (channel != null) {
        handover = take(market.queue(task.queue()), channel);
      }
    } finally {
      lock.unlock();
    }
    if (handover != null) {
      start(handover);
    }
  }

  /** None of the execution's tasks may be handed out. */
  public void withdraw(ExecutionKey execution) {
    lock.lock();
    try {
      var tasks = waiting.remove(execution);
      if (tasks == null) {
        return;
      }
      tasks.values().stream()
          .map(ReadyTask::queue)
          .distinct()
          .forEach(queue -> market(queue).queue(queue).removeAll(execution));
    } finally {
      lock.unlock();
    }
  }

  /** The attempt's start is durable: it goes out with the next {@link #flush}. */
  public void started(ExecutionState state, String task, Attempt attempt) {
    Assignment assignment = assignment(state, task, attempt);
    Reservation reservation = reserved.remove(attempt.nonce());
    if (reservation == null) {
      // Decided by an owner that is gone: whoever holds it has to say so.
      leases.unclaimed(state.key(), assignment);
      return;
    }
    AgentChannel channel = reservation.channel();
    boolean gone;
    lock.lock();
    try {
      gone = channel instanceof Connection && !channel.open;
    } finally {
      lock.unlock();
    }
    if (gone) {
      leases.unclaimed(state.key(), assignment);
      return;
    }
    leases.held(state.key(), assignment, channel instanceof Connection c ? c : null);
    outgoing.computeIfAbsent(channel, unused -> new ArrayList<>()).add(assignment);
  }

  /** An attempt of before a restart or fail-over: its holder has a moment to claim it. */
  public void recovered(ExecutionState state, String task, Attempt attempt) {
    leases.unclaimed(state.key(), assignment(state, task, attempt));
  }

  /** The attempt is over. {@code revoked}: its holder is told to stop. */
  public void ended(Attempt attempt, boolean revoked) {
    Lease lease = leases.remove(attempt.nonce());
    if (lease != null && revoked && lease.holder instanceof Connection connection) {
      connection.sink.revoked(List.of(lease.token));
    }
  }

  /** Sends what {@link #started} has gathered, one delivery for each agent. */
  public void flush() {
    if (outgoing.isEmpty()) {
      return;
    }
    outgoing.forEach((channel, assignments) -> {
      try {
        channel.deliver(assignments);
      } catch (RuntimeException e) {
        // Not lost: the agent's next beat won't name them, and they are handed out anew.
        LOG.warn("could not push {} tasks to {}", assignments.size(), channel.profile, e);
      }
    });
    outgoing.clear();
  }

  // ---- agents ----

  @Override
  public AgentSession open(AgentProfile profile, AgentSink sink) {
    var connection = new Connection(profile, sink, this, nanoClock.getAsLong());
    lock.lock();
    try {
      join(connection);
    } finally {
      lock.unlock();
    }
    connections.add(connection);
    return connection;
  }

  @Override
  public CompletableFuture<List<Assignment>> poll(AgentProfile profile, int max, Duration wait) {
    directory.seen(profile);
    var self = new Poll[1];
    var poll = new Poll(profile, max, lock, () -> leave(self[0]));
    self[0] = poll;
    List<Handover> handovers;
    lock.lock();
    try {
      join(poll);
      handovers = match(poll);
      if (wait.isZero() && handovers.isEmpty()) {
        poll.close();
      }
    } finally {
      lock.unlock();
    }
    handovers.forEach(this::start);
    if (!poll.answer.isDone()) {
      // A caller that goes away completes the answer itself; either way it takes no more tasks.
      var expiry = new CompletableFuture<Void>();
      expiry.completeOnTimeout(null, wait.toMillis(), TimeUnit.MILLISECONDS);
      expiry.thenRun(() -> close(poll));
      poll.answer.whenComplete((answer, error) -> expiry.complete(null));
    }
    return poll.answer;
  }

  @Override
  public CompletableFuture<LeaseStatus> heartbeat(
      String tenant, TaskToken token, @Nullable Double progress, @Nullable Object details) {
    boolean live = leases.heard(tenant, token, progress, details);
    return CompletableFuture.completedFuture(live ? LeaseStatus.LIVE : LeaseStatus.REVOKED);
  }

  @Override
  public List<AgentInfo> agents(String tenant) {
    return directory.list(tenant, connections, leases);
  }

  @Override
  public @Nullable Progress progress(String tenant, TaskToken token) {
    return leases.progress(tenant, token);
  }

  void grant(Connection connection, int credits) {
    List<Handover> handovers;
    lock.lock();
    try {
      connection.credit += credits;
      handovers = match(connection);
    } finally {
      lock.unlock();
    }
    handovers.forEach(this::start);
  }

  List<TaskToken> beat(Connection connection, Set<TaskToken> running) {
    connection.heardNanos = nanoClock.getAsLong();
    int lost = leases.reconcile(connection, running);
    if (lost > 0) {
      grant(connection, lost);
    }
    return leases.notLive(connection.profile.tenant(), running);
  }

  void disconnect(Connection connection) {
    lock.lock();
    try {
      if (!connection.open) {
        return;
      }
      connection.open = false;
      leave(connection);
    } finally {
      lock.unlock();
    }
    connections.remove(connection);
    leases.loseAllOf(connection);
  }

  // ---- upkeep ----

  /**
   * Loses leases whose time is over and connections that fell silent; called every 100 ms or so.
   */
  public void sweep() {
    if (!open) {
      return;
    }
    leases.sweep();
    long silentSince = nanoClock.getAsLong() - LeaseTable.SILENCE_NANOS_MAX;
    for (Connection connection : connections) {
      if (connection.heardNanos - silentSince < 0) {
        LOG.info("agent {} fell silent, its tasks go to others", connection.profile.worker());
        disconnect(connection);
      }
    }
    lock.lock();
    try {
      markets.values().removeIf(Market::isIdle);
    } finally {
      lock.unlock();
    }
  }

  /** Hands out nothing any more and takes no lease away: the node is leaving. */
  public void shutDown() {
    open = false;
    lock.lock();
    try {
      Set<Poll> polls = new HashSet<>();
      markets.values().forEach(market -> market.channels(Poll.class).forEach(polls::add));
      polls.forEach(Poll::close);
    } finally {
      lock.unlock();
    }
  }

  /** Tasks that wait, for metrics. */
  public int waitingCount() {
    lock.lock();
    try {
      int count = 0;
      for (Market market : markets.values()) {
        for (ReadyQueue queue : market.queues()) {
          count += queue.size();
        }
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** When the task that waits longest became ready, epoch millis; {@code Long.MAX_VALUE}: none. */
  public long oldestWaitingMillis() {
    lock.lock();
    try {
      long oldest = Long.MAX_VALUE;
      for (Market market : markets.values()) {
        for (ReadyQueue queue : market.queues()) {
          oldest = Math.min(oldest, queue.oldestReadyAtMillis());
        }
      }
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  /** Attempts that run, for metrics. */
  public int runningCount() {
    return leases.size();
  }

  /** Leases lost since the start, for metrics. */
  public long leaseLossCount() {
    return leases.lossCount();
  }

  // ---- under the lock ----

  private record Handover(ReadyTask task, Reservation reservation) {}

  private Reservation reserve(AgentChannel channel) {
    channel.reserved();
    var reservation = new Reservation(channel, random.nextLong());
    reserved.put(reservation.nonce(), reservation);
    return reservation;
  }

  private @Nullable Handover take(ReadyQueue queue, AgentChannel channel) {
    ReadyTask task = queue.poll();
    if (task == null) {
      return null;
    }
    var ofExecution = waiting.get(task.execution());
    if (ofExecution != null) {
      ofExecution.remove(task.task());
      if (ofExecution.isEmpty()) {
        waiting.remove(task.execution());
      }
    }
    return new Handover(task, reserve(channel));
  }

  private List<Handover> match(AgentChannel channel) {
    if (!open || !channel.open || channel.credit <= 0 || waiting.isEmpty()) {
      return List.of();
    }
    var handovers = new ArrayList<Handover>();
    boolean found = true;
    while (found && channel.credit > 0) {
      found = false;
      for (String capability : channel.profile.capabilities()) {
        Market market = markets.get(new Capability(channel.profile.tenant(), capability));
        ReadyQueue queue = market == null ? null : market.queueFor(channel);
        Handover handover = queue == null ? null : take(queue, channel);
        if (handover != null) {
          handovers.add(handover);
          found = true;
        }
      }
    }
    return handovers;
  }

  private Market market(QueueKey queue) {
    return markets.computeIfAbsent(
        new Capability(queue.tenant(), queue.capability()), unused -> new Market());
  }

  private void join(AgentChannel channel) {
    for (String capability : channel.profile.capabilities()) {
      markets
          .computeIfAbsent(
              new Capability(channel.profile.tenant(), capability), unused -> new Market())
          .add(channel);
    }
  }

  private void leave(AgentChannel channel) {
    for (String capability : channel.profile.capabilities()) {
      Market market = markets.get(new Capability(channel.profile.tenant(), capability));
      if (market != null) {
        market.remove(channel);
      }
    }
  }

  // ---- without the lock ----

  private void close(Poll poll) {
    lock.lock();
    try {
      poll.close();
    } finally {
      lock.unlock();
    }
  }

  private void start(Handover handover) {
    ReadyTask task = handover.task();
    Reservation reservation = handover.reservation();
    var command = new StartTask(task.task(), reservation.nonce(), reservation.worker());
    commands
        .submit(task.execution(), command)
        .whenComplete((outcome, error) -> {
          switch (outcome) {
            case Outcome.Done done when done.changed() -> {
              // Its delivery follows as an effect.
            }
            case Outcome.Done _ -> release(reservation);
            case Outcome.Refused refused -> {
              release(reservation);
              if (isPassing(refused.rejection().code())) {
                offerLater(task);
              }
            }
            case null -> {
              LOG.warn("{} of {} was not handed over", task.task(), task.execution(), error);
              release(reservation);
              offerLater(task);
            }
          }
        });
  }

  /**
   * Whether the task still waits; otherwise it was paused or ended, and a resume offers it anew.
   */
  private static boolean isPassing(Rejection.Code code) {
    return switch (code) {
      case STORE_UNAVAILABLE, UNAVAILABLE, OVERLOADED -> true;
      case EXECUTION_NOT_FOUND,
          ID_CONFLICT,
          TASK_NOT_FOUND,
          STALE_ATTEMPT,
          WRONG_STATE,
          TASK_NOT_READY,
          LIMIT_EXCEEDED ->
          false;
    };
  }

  /** Not at once: the same agent would be tried again without a pause. */
  private void offerLater(ReadyTask task) {
    CompletableFuture.delayedExecutor(OFFER_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
        .execute(() -> offer(task));
  }

  private static Assignment assignment(ExecutionState state, String task, Attempt attempt) {
    PlannedTask planned = state.plan().task(task);
    Duration heartbeat = planned.heartbeat();
    return new Assignment(
        new TaskToken(state.key().id(), task, attempt.number(), attempt.nonce()),
        state.key().tenant(),
        state.key().id(),
        task,
        state.plan().name(),
        state.plan().version(),
        attempt.number(),
        attempt.worker(),
        state.task(task).input(),
        Objects.requireNonNullElse(state.task(task).readyAt(), attempt.startedAt()),
        attempt.deadline(),
        heartbeat == null ? 0 : heartbeat.toMillis());
  }
}
