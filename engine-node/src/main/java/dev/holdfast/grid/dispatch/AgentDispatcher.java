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
import dev.holdfast.grid.DispatchSettings;
import dev.holdfast.grid.Dispatcher;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands ready tasks to agents. A ready task meets an agent with credit in one of two ways: the
 * transition that makes it ready reserves a place at once ({@link #reserve}), so that one commit
 * carries both; or it waits in a queue until credit comes, and is then started by a command of its
 * own. Everything here is derived from the executions' states and can be rebuilt. Thread-safe.
 */
public final class AgentDispatcher implements Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(AgentDispatcher.class);

  /** How long a task rests when the store did not take its start. */
  private static final long OFFER_AGAIN_MILLIS = 500;

  /** Least time between two looks for agents that should be told of a shortage. */
  private static final long TELL_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(4);

  private final CommandSink commands;
  private final LongSupplier nanoClock;
  private final DispatchSettings settings;
  private final Exchange exchange;
  private final LeaseTable leases;
  private final AgentDirectory directory;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  /** What the running batch of effects hands over; used by the effects thread alone. */
  private final Map<AgentChannel, List<Assignment>> outgoing = new IdentityHashMap<>();

  private volatile boolean open = true;

  private volatile TokenSource tokens = (capability, most) -> CompletableFuture.completedFuture(0);

  /** Tasks wait that no agent had credit for, and agents have not been told since. */
  private volatile boolean shortage;

  private volatile long shortageToldNanos;

  private volatile Predicate<ExecutionKey> takenOver = execution -> false;

  /** Attempts have come whose agents are not known. */
  private volatile boolean unknownHolders;

  /** Hears of tasks that nobody here takes at once. */
  private volatile WaitingListener waiting = WaitingListener.NONE;

  /** Hears that a task begins to wait. Must not block. */
  @FunctionalInterface
  public interface WaitingListener {
    /** Hears of nothing. */
    WaitingListener NONE = (tenant, capability, requires) -> {};

    /**
     * @param requires labels that the agent must carry
     */
    void waits(String tenant, String capability, Map<String, String> requires);
  }

  /**
   * A poll that is under way.
   *
   * @param answer what it was given
   * @param stop has it take no more and answer as soon as nothing is on its way to it
   */
  public record OpenPoll(CompletableFuture<List<Assignment>> answer, Runnable stop) {}

  /**
   * @param random for attempts' nonces; must be hard to guess
   * @param nanoClock as {@code System.nanoTime}
   * @param clock that events are timed by
   */
  public AgentDispatcher(
      CommandSink commands, RandomGenerator random, LongSupplier nanoClock, InstantSource clock) {
    this(commands, random, nanoClock, clock, DispatchSettings.NONE);
  }

  /**
   * @param random for attempts' nonces; must be hard to guess
   * @param nanoClock as {@code System.nanoTime}
   * @param clock that events are timed by
   * @param settings how what waits is shared out
   */
  public AgentDispatcher(
      CommandSink commands,
      RandomGenerator random,
      LongSupplier nanoClock,
      InstantSource clock,
      DispatchSettings settings) {
    this.commands = commands;
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.exchange = new Exchange(random, nanoClock, clock, settings);
    this.leases = new LeaseTable(commands, nanoClock);
    this.directory = new AgentDirectory(nanoClock);
  }

  // ---- called by transitions, on partition threads ----

  /** A place for a task that became ready just now; null when others wait or nobody has credit. */
  public @Nullable Reservation reserve(String tenant, AgentTask kind) {
    return exchange.reserve(new QueueKey(tenant, kind.capability(), kind.requires()));
  }

  /** Gives back a place whose task was not started after all. */
  public void release(Reservation reservation) {
    exchange.release(reservation).forEach(this::start);
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
    Instant readyAt = task.readyAt();
    offer(
        new ReadyTask(
            state.key(),
            id,
            new QueueKey(state.key().tenant(), kind.capability(), kind.requires()),
            priority == null ? state.header().priority() : priority,
            (readyAt == null ? state.updatedAt() : readyAt).toEpochMilli()));
  }

  void offer(ReadyTask task) {
    List<Exchange.Match> matches = exchange.offer(task);
    matches.forEach(this::start);
    if (matches.isEmpty()) {
      shortage = true;
      tellShortages();
      QueueKey queue = task.queue();
      waiting.waits(queue.tenant(), queue.capability(), queue.requires());
    }
  }

  /**
   * Tells agents that tasks wait for their credit, if any do, and not too often. Called in every
   * round of the upkeep, so that nobody waits long for having come right after another.
   */
  public void tellShortages() {
    long now = nanoClock.getAsLong();
    if (!shortage || now - shortageToldNanos < TELL_NANOS_MIN) {
      return;
    }
    shortageToldNanos = now;
    shortage = false;
    for (var each : exchange.shortages(now)) {
      each.agent().sink.wanted(each.tasks());
    }
  }

  /** From now on the listener hears of tasks that nobody here takes at once. */
  public void onWaiting(WaitingListener listener) {
    waiting = listener;
  }

  /** From now on tokens of rate limits come from there. */
  public void onTokens(TokenSource source) {
    tokens = source;
  }

  /**
   * Asks for tokens where tasks wait for them, and hands those out that they suffice for. Called in
   * every round of the upkeep; without rate limits it does nothing.
   */
  public void refill() {
    exchange
        .tokensToAsk()
        .forEach((capability, most) ->
            tokens
                .take(capability, most)
                .whenComplete((had, failure) -> {
                  if (failure != null) {
                    LOG.debug(
                        "no tokens of {} were to be had, they are asked for again",
                        capability,
                        failure);
                  }
                  exchange.granted(capability, failure == null ? had : 0).forEach(this::start);
                  for (QueueKey kind : exchange.waitingDespiteTokens(capability)) {
                    waiting.waits(kind.tenant(), kind.capability(), kind.requires());
                  }
                }));
  }

  @Override
  public @Nullable RateLimit rateLimit(String capability) {
    return settings.rateLimits().get(capability);
  }

  /** Tasks that wait, by capability, of those that have a rate limit; for metrics. */
  public Map<String, Integer> rateLimited() {
    return exchange.rateLimited();
  }

  /** Tasks of the tenant that wait here for the capability. */
  public int waitingFor(String tenant, String capability) {
    return exchange.waitingFor(tenant, capability);
  }

  /** Whether a task waits that such an agent could take. */
  public boolean hasWaitingFor(
      String tenant, Collection<String> capabilities, Map<String, String> labels) {
    return exchange.hasWaitingFor(tenant, capabilities, labels);
  }

  /** None of the execution's tasks may be handed out. */
  public void withdraw(ExecutionKey execution) {
    exchange.withdraw(execution);
  }

  /** The attempt's start is durable: it goes out with the next {@link #flush}. */
  public void started(ExecutionState state, String task, Attempt attempt) {
    Assignment assignment = assignment(state, task, attempt);
    Reservation reservation = exchange.redeem(attempt.nonce());
    if (reservation == null) {
      // Decided by an owner that is gone: whoever holds it has to say so.
      leases.unclaimed(state.key(), assignment);
      unknownHolders = true;
      return;
    }
    AgentChannel channel = reservation.channel();
    leases.held(state.key(), assignment, channel instanceof Connection c ? c : null);
    outgoing.computeIfAbsent(channel, unused -> new ArrayList<>()).add(assignment);
  }

  /** An attempt of before a restart or fail-over: its holder has a moment to claim it. */
  public void recovered(ExecutionState state, String task, Attempt attempt) {
    leases.unclaimed(state.key(), assignment(state, task, attempt));
    unknownHolders = true;
  }

  /** The attempt is over. {@code revoked}: its holder is told to stop. */
  public void ended(Attempt attempt, boolean revoked) {
    Lease lease = leases.remove(attempt.nonce());
    if (lease != null && revoked && lease.holder instanceof Connection connection) {
      connection.sink.revoked(List.of(lease.token));
    }
  }

  /**
   * Another member takes over these executions: nothing of them is handed out here any more, and
   * their leases are that member's.
   */
  public void drop(Predicate<ExecutionKey> moved) {
    exchange.drop(moved);
    leases.drop(moved);
  }

  /** Sends what {@link #started} has gathered, one delivery for each agent. */
  public void flush() {
    if (outgoing.isEmpty()) {
      return;
    }
    outgoing.forEach((channel, assignments) -> {
      try {
        channel.deliver(assignments).forEach(one -> leases.undelivered(one.tenant(), one.token()));
      } catch (RuntimeException e) {
        // Not lost: the agent's next beats won't name them, and they are handed out anew.
        LOG.warn("could not push {} tasks to {}", assignments.size(), channel.profile, e);
      }
    });
    outgoing.clear();
  }

  // ---- agents ----

  @Override
  public AgentSession open(AgentProfile profile, AgentSink sink) {
    var connection = new Connection(profile, sink, this, nanoClock.getAsLong());
    connections.add(connection);
    exchange.join(connection);
    return connection;
  }

  @Override
  public CompletableFuture<List<Assignment>> poll(AgentProfile profile, int max, Duration wait) {
    return begin(profile, max, wait).answer();
  }

  /** Like {@link #poll}, to be stopped before its time is over. */
  public OpenPoll begin(AgentProfile profile, int max, Duration wait) {
    directory.seen(profile);
    var poll = new Poll(profile, max, exchange);
    List<Exchange.Match> matches = exchange.join(poll);
    if (wait.isZero() && matches.isEmpty()) {
      poll.close();
    }
    matches.forEach(this::start);
    if (!poll.answer.isDone()) {
      // A caller that goes away completes the answer itself; either way it takes no more tasks.
      var expiry = new CompletableFuture<Void>();
      expiry.completeOnTimeout(null, wait.toMillis(), TimeUnit.MILLISECONDS);
      expiry.thenRun(poll::close);
      poll.answer.whenComplete((answer, error) -> expiry.complete(null));
    }
    return new OpenPoll(poll.answer, poll::close);
  }

  @Override
  public CompletableFuture<LeaseStatus> heartbeat(
      String tenant, TaskToken token, @Nullable Double progress, @Nullable Object details) {
    boolean live = leases.heard(tenant, token, progress, details);
    return CompletableFuture.completedFuture(live ? LeaseStatus.LIVE : LeaseStatus.REVOKED);
  }

  @Override
  public void giveBack(Assignment assignment) {
    leases.undelivered(assignment.tenant(), assignment.token());
  }

  @Override
  public List<AgentInfo> agents(String tenant) {
    return directory.list(tenant, connections, leases);
  }

  @Override
  public Map<TaskToken, Progress> progress(ExecutionKey execution, List<TaskToken> running) {
    var said = new HashMap<TaskToken, Progress>();
    for (TaskToken token : running) {
      Progress progress = leases.progress(execution.tenant(), token);
      if (progress != null) {
        said.put(token, progress);
      }
    }
    return said;
  }

  void grant(Connection connection, int credits) {
    exchange.grant(connection, credits).forEach(this::start);
    if (exchange.isShortageOver(connection)) {
      connection.sink.wanted(0);
    }
  }

  int recall(Connection connection, int most) {
    return exchange.recall(connection, most);
  }

  int wanted(Connection connection) {
    return exchange.wanted(connection, nanoClock.getAsLong());
  }

  void drain(Connection connection) {
    exchange.leave(connection);
  }

  List<TaskToken> beat(Connection connection, Set<TaskToken> running) {
    connection.heardNanos = nanoClock.getAsLong();
    leases.reconcile(connection, running);
    // What another member owns, or what was not taken over yet, is not for this one to stop.
    return leases.notLive(connection.profile.tenant(), running, takenOver);
  }

  /**
   * From now on agents are told to stop attempts that this member does not know of; until then none
   * are.
   *
   * @param value of which executions all running attempts are known here
   */
  public void judges(Predicate<ExecutionKey> value) {
    takenOver = value;
  }

  void disconnect(Connection connection) {
    if (connections.remove(connection)) {
      connection.shut();
      exchange.leave(connection);
      leases.loseAllOf(connection);
    }
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
    if (unknownHolders) {
      unknownHolders = false;
      connections.forEach(connection -> connection.sink.rollCall());
    }
    shortage |= exchange.waitingCount() > 0;
    exchange.forsaken().forEach(this::release);
    exchange.tidy();
  }

  /** Hands out nothing any more and takes no lease away: the node is leaving. */
  public void shutDown() {
    open = false;
    exchange.shutDown().forEach(Poll::close);
  }

  /** Whether the task waits here for an agent, or is being handed to one. */
  public boolean hasOffer(ExecutionKey execution, String task) {
    return exchange.has(execution, task);
  }

  /** Whether the attempt's lease is kept here. */
  public boolean hasLease(Attempt attempt) {
    return leases.has(attempt.nonce());
  }

  /** What kinds of agents tasks wait for here. */
  public List<WaitingKind> waitingKinds() {
    return exchange.waitingKinds();
  }

  /** Tasks that wait, for metrics. */
  public int waitingCount() {
    return exchange.waitingCount();
  }

  /** When the task that waits longest became ready, epoch millis; {@code Long.MAX_VALUE}: none. */
  public long oldestWaitingMillis() {
    return exchange.oldestWaitingMillis();
  }

  /** Attempts that run, for metrics. */
  public int runningCount() {
    return leases.size();
  }

  /** Leases lost since the start, for metrics. */
  public long leaseLossCount() {
    return leases.lossCount();
  }

  private void start(Exchange.Match match) {
    ReadyTask task = match.task();
    Reservation reservation = match.reservation();
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
      case STORE_UNAVAILABLE, NO_QUORUM, UNAVAILABLE, OVERLOADED -> true;
      case EXECUTION_NOT_FOUND,
          ID_CONFLICT,
          CONCURRENCY_LIMIT,
          INVALID_CONCURRENCY_KEY,
          TASK_NOT_FOUND,
          STALE_ATTEMPT,
          WRONG_STATE,
          TASK_NOT_READY,
          INVALID_SPAWN,
          NOT_AWAITING_APPROVAL,
          NOT_AN_APPROVER,
          UNKNOWN_REFERENCE,
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
