package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskToken;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.DispatchSettings;
import dev.holdfast.grid.Dispatcher;
import dev.holdfast.grid.RateLimit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private final LongSupplier nanoClock;
  private final DispatchSettings settings;
  private final Exchange exchange;
  private final WaitingTasks waitingTasks;
  private final Shortages shortages;
  private final Starts starts;
  private final TokenRefill refill;
  private final LeaseTable leases;
  private final Deliveries deliveries;
  private final AgentDirectory directory;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  private volatile boolean open = true;

  private volatile Predicate<ExecutionKey> takenOver = execution -> false;

  /** Attempts have come whose agents are not known. */
  private volatile boolean unknownHolders;

  /** Hears of tasks that nobody here takes at once. */
  private volatile WaitingListener waiting = WaitingListener.NONE;

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
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.exchange = new Exchange(random, nanoClock, clock, settings);
    this.waitingTasks = exchange.waitingTasks();
    this.shortages = exchange.shortages();
    this.starts = new Starts(commands, this::release, this::offer);
    this.refill = new TokenRefill(exchange, waitingTasks, starts::begin, this::waits);
    this.leases = new LeaseTable(commands, nanoClock);
    this.deliveries = new Deliveries(leases);
    this.directory = new AgentDirectory(nanoClock);
  }

  // Called by transitions, on partition threads.

  /** A place for a task that became ready just now; null when others wait or nobody has credit. */
  public @Nullable Reservation reserve(String tenant, AgentTask kind) {
    return exchange.reserve(new QueueKey(tenant, kind.capability(), kind.requires()));
  }

  /** Gives back a place whose task was not started after all. */
  public void release(Reservation reservation) {
    exchange.release(reservation).forEach(starts::begin);
  }

  // Effects, on the effects thread or before it runs.

  /** The task waits for an agent. Does nothing when it no longer does, or is queued already. */
  public void offer(ExecutionState state, String id) {
    ReadyTask task = ReadyTask.of(state, id);
    if (task != null) {
      offer(task);
    }
  }

  void offer(ReadyTask task) {
    List<Exchange.Match> matches = exchange.offer(task);
    matches.forEach(starts::begin);
    if (matches.isEmpty()) {
      shortages.came();
      tellShortages();
      QueueKey queue = task.queue();
      waits(queue.tenant(), queue.capability(), queue.requires());
    }
  }

  private void waits(String tenant, String capability, Map<String, String> requires) {
    waiting.waits(tenant, capability, requires);
  }

  /**
   * Tells agents that tasks wait for their credit, if any do, and not too often. Called in every
   * round of the upkeep, so that nobody waits long for having come right after another.
   */
  public void tellShortages() {
    shortages.tell(nanoClock.getAsLong());
  }

  /** From now on the listener hears of tasks that nobody here takes at once. */
  public void onWaiting(WaitingListener listener) {
    waiting = listener;
  }

  /** From now on tokens of rate limits come from there. */
  public void onTokens(TokenSource source) {
    refill.use(source);
  }

  /**
   * Asks for tokens where tasks wait for them, and hands those out that they suffice for. Called in
   * every round of the upkeep; without rate limits it does nothing.
   */
  public void refill() {
    refill.run();
  }

  @Override
  public @Nullable RateLimit rateLimit(String capability) {
    return settings.rateLimits().get(capability);
  }

  /** What waits here for agents. */
  public WaitingTasks waitingTasks() {
    return waitingTasks;
  }

  /** None of the execution's tasks may be handed out. */
  public void withdraw(ExecutionKey execution) {
    exchange.withdraw(execution);
  }

  /** The attempt's start is durable: it goes out with the next {@link #flush}. */
  public void started(ExecutionState state, String task, Attempt attempt) {
    Assignment assignment = Assignment.of(state, task, attempt);
    Reservation reservation = exchange.redeem(attempt.nonce());
    if (reservation == null) {
      // Decided by an owner that is gone: whoever holds it has to say so.
      leases.unclaimed(state.key(), assignment);
      unknownHolders = true;
      return;
    }
    AgentChannel channel = reservation.channel();
    leases.held(state.key(), assignment, channel instanceof Connection c ? c : null);
    deliveries.add(channel, assignment);
  }

  /** An attempt of before a restart or fail-over: its holder has a moment to claim it. */
  public void recovered(ExecutionState state, String task, Attempt attempt) {
    leases.unclaimed(state.key(), Assignment.of(state, task, attempt));
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
    deliveries.flush();
  }

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
    matches.forEach(starts::begin);
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
    exchange.grant(connection, credits).forEach(starts::begin);
    if (shortages.isOver(connection)) {
      connection.sink.wanted(0);
    }
  }

  int recall(Connection connection, int most) {
    return exchange.recall(connection, most);
  }

  int wanted(Connection connection) {
    return shortages.wanted(connection, nanoClock.getAsLong());
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
    if (waitingTasks.count() > 0) {
      shortages.came();
    }
    exchange.unanswered().forEach(this::offer);
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

  /** Attempts that run, for metrics. */
  public int runningCount() {
    return leases.size();
  }

  /** Leases lost since the start, for metrics. */
  public long leaseLossCount() {
    return leases.lossCount();
  }
}
