package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.DispatchSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks that wait and agents with credit meet. Thread-safe: one lock guards queues, channels
 * and credits, and nothing is called under it that waits. Starting what was matched is the caller's
 * part, without the lock.
 */
final class Exchange {
  /** A task that was taken from its queue for the agent with this place. */
  record Match(ReadyTask task, Reservation reservation) {}

  /** Guards everything here and the fields of channels. */
  final ReentrantLock lock;

  private final LongSupplier nanoClock;
  private final InstantSource clock;
  private final Markets markets;
  private final Reservations reserved;
  private final Map<ExecutionKey, Map<String, ReadyTask>> waiting = new HashMap<>();

  /** Numbers additions and turns, so that those of several queues can be compared. */
  private long turns;

  private boolean open = true;

  /**
   * @param nanoClock as {@code System.nanoTime}
   * @param clock that tasks' becoming ready is timed by
   * @param settings which capabilities have limits, and tenants' weights
   */
  Exchange(
      RandomGenerator random,
      LongSupplier nanoClock,
      InstantSource clock,
      DispatchSettings settings) {
    this.nanoClock = nanoClock;
    this.clock = clock;
    this.markets = new Markets(settings, nanoClock.getAsLong());
    this.lock = markets.lock;
    this.reserved = new Reservations(random, nanoClock);
  }

  /** What waits here, to look at. */
  WaitingTasks waitingTasks() {
    return new WaitingTasks(markets);
  }

  /** Who is to be told of what waits here. */
  Shortages shortages() {
    return new Shortages(markets);
  }

  /** A place for a task that became ready just now; null when others wait or nobody has credit. */
  @Nullable Reservation reserve(QueueKey queue) {
    lock.lock();
    try {
      Market market = markets.find(queue.asked());
      if (!open || market == null || market.hasWaiting(queue)) {
        return null;
      }
      AgentChannel channel = market.channelFor(queue);
      Quota quota = market.quota();
      return channel == null || quota != null && !quota.spend()
          ? null
          : reserved.add(channel, null);
    } finally {
      lock.unlock();
    }
  }

  /** The place that was put aside for this attempt, which is now used; null: none was, here. */
  @Nullable Reservation redeem(long nonce) {
    return reserved.remove(nonce);
  }

  /** Places put aside for starts that have become of nothing. */
  List<Reservation> forsaken() {
    return reserved.forsaken();
  }

  /** Tasks of which it is not known whether they were started, and that may wait again. */
  List<ReadyTask> unanswered() {
    return reserved.unanswered();
  }

  /** Gives back a place whose task was not started after all. */
  List<Match> release(Reservation reservation) {
    if (reserved.remove(reservation.nonce()) == null) {
      return List.of();
    }
    lock.lock();
    try {
      reservation.channel().released();
      return matchesFor(reservation.channel());
    } finally {
      lock.unlock();
    }
  }

  /** The task waits, unless it does already. */
  List<Match> offer(ReadyTask task) {
    lock.lock();
    try {
      var ofExecution = waiting.computeIfAbsent(task.execution(), unused -> new HashMap<>(4));
      if (ofExecution.putIfAbsent(task.task(), task) != null) {
        return List.of();
      }
      Market market = markets.of(task.queue().asked());
      market.add(task, ++turns);
      if (market.quota() != null) {
        return serve(market.quota());
      }
      AgentChannel channel = open ? market.channelFor(task.queue()) : null;
      ReadyQueue queue = channel == null ? null : market.find(task.queue());
      return queue == null ? List.of() : List.of(take(queue, channel, clock.millis()));
    } finally {
      lock.unlock();
    }
  }

  /** None of the execution's tasks waits any more. */
  void withdraw(ExecutionKey execution) {
    lock.lock();
    try {
      var tasks = waiting.remove(execution);
      if (tasks == null) {
        return;
      }
      tasks.values().stream()
          .map(ReadyTask::queue)
          .distinct()
          .forEach(queue -> markets.of(queue.asked()).remove(queue, execution));
    } finally {
      lock.unlock();
    }
  }

  /** Forgets these executions' tasks. */
  void drop(Predicate<ExecutionKey> moved) {
    lock.lock();
    try {
      List.copyOf(waiting.keySet()).stream().filter(moved).forEach(this::withdraw);
    } finally {
      lock.unlock();
    }
  }

  /** The agent asks for work from here on. */
  List<Match> join(AgentChannel channel) {
    lock.lock();
    try {
      for (String capability : channel.profile.capabilities()) {
        markets.of(new Capability(channel.profile.tenant(), capability)).add(channel);
      }
      return matchesFor(channel);
    } finally {
      lock.unlock();
    }
  }

  /** The agent asks for no more work. */
  void leave(AgentChannel channel) {
    lock.lock();
    try {
      for (String capability : channel.profile.capabilities()) {
        Market market = markets.find(new Capability(channel.profile.tenant(), capability));
        if (market != null) {
          market.remove(channel);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The agent can take so many more. */
  List<Match> grant(AgentChannel channel, int credits) {
    lock.lock();
    try {
      channel.credit += credits;
      return matchesFor(channel);
    } finally {
      lock.unlock();
    }
  }

  /** Takes back up to so much of the agent's credit; returns how much there was. */
  int recall(AgentChannel channel, int most) {
    lock.lock();
    try {
      int credits = Math.clamp(channel.credit, 0, most);
      channel.credit -= credits;
      return credits;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets capabilities that nobody offers and no task asks for. */
  void tidy() {
    lock.lock();
    try {
      markets.tidy();
    } finally {
      lock.unlock();
    }
  }

  /** Matches nothing any more. Returns the polls that wait. */
  Set<Poll> shutDown() {
    lock.lock();
    try {
      open = false;
      Set<Poll> polls = new HashSet<>();
      markets.all().forEach(market -> polls.addAll(market.channels(Poll.class)));
      return polls;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the task waits, or has just been taken out of its queue to be started. */
  boolean has(ExecutionKey execution, String task) {
    lock.lock();
    try {
      var ofExecution = waiting.get(execution);
      if (ofExecution != null && ofExecution.containsKey(task)) {
        return true;
      }
    } finally {
      lock.unlock();
    }
    return reserved.has(execution, task);
  }

  private Match take(ReadyQueue queue, AgentChannel channel, long nowMillis) {
    ReadyTask task = Objects.requireNonNull(queue.poll(nowMillis, ++turns), "an empty queue");
    var ofExecution = waiting.get(task.execution());
    if (ofExecution != null) {
      ofExecution.remove(task.task());
      if (ofExecution.isEmpty()) {
        waiting.remove(task.execution());
      }
    }
    return new Match(task, reserved.add(channel, task));
  }

  /** As much as there is for the agent's credit, whichever of its capabilities it is for. */
  private List<Match> matchesFor(AgentChannel channel) {
    if (!open || !channel.open || channel.credit <= 0 || waiting.isEmpty()) {
      return List.of();
    }
    var matches = new ArrayList<Match>();
    long nowMillis = clock.millis();
    ReadyQueue queue = queueFor(channel);
    while (queue != null) {
      matches.add(take(queue, channel, nowMillis));
      queue = channel.credit > 0 ? queueFor(channel) : null;
    }
    if (markets.hasQuotas()) {
      for (String capability : channel.profile.capabilities()) {
        Quota quota = markets.quota(capability);
        matches.addAll(quota == null ? List.of() : serve(quota));
      }
    }
    return matches;
  }

  /** Hands out what the capability's tokens suffice for; tenants take turns. */
  private List<Match> serve(Quota quota) {
    ReadyQueue queue = open ? quota.next() : null;
    if (queue == null) {
      return List.of();
    }
    var matches = new ArrayList<Match>();
    long nowMillis = clock.millis();
    while (queue != null) {
      Market market = markets.of(queue.key.asked());
      AgentChannel channel = Objects.requireNonNull(market.channelFor(queue.key), "no channel");
      quota.served(queue.key.tenant());
      matches.add(take(queue, channel, nowMillis));
      queue = quota.next();
    }
    return matches;
  }

  /** How many tokens of which capabilities are to be asked for now. */
  Map<String, Integer> tokensToAsk() {
    if (!markets.hasQuotas()) {
      return Map.of();
    }
    lock.lock();
    try {
      var asked = new HashMap<String, Integer>();
      markets
          .quotas()
          .forEach((capability, quota) -> {
            int tokens = quota.toAsk(nanoClock.getAsLong());
            if (tokens > 0) {
              asked.put(capability, tokens);
            }
          });
      return asked;
    } finally {
      lock.unlock();
    }
  }

  /** The answer to what was asked for has come. */
  List<Match> granted(String capability, int tokens) {
    lock.lock();
    try {
      Quota quota = markets.quota(capability);
      if (quota == null) {
        return List.of();
      }
      quota.granted(tokens, nanoClock.getAsLong());
      return serve(quota);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable ReadyQueue queueFor(AgentChannel channel) {
    ReadyQueue best = null;
    for (String capability : channel.profile.capabilities()) {
      Market market = markets.find(new Capability(channel.profile.tenant(), capability));
      if (market != null && market.quota() == null) {
        best = market.queueFor(channel, best);
      }
    }
    return best;
  }
}
