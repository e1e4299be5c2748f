package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.DispatchSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongBinaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
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

  /** So many tasks wait for the credit of an agent that has none. */
  record Shortage(Connection agent, int tasks) {}

  /** Agents of one capability that are told of a shortage at once; the others have their turn. */
  private static final int TOLD_AT_ONCE_MAX = 16;

  /**
   * Nothing is heard any more of a start that was put aside for so long: its partition has gone to
   * another member meanwhile. Should it come after all, its agent is found by the roll call.
   */
  private static final long RESERVED_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  /** While a shortage lasts an agent is told again so often. */
  private static final long TELL_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Guards everything here and the fields of channels. */
  final ReentrantLock lock = new ReentrantLock();

  private final RandomGenerator random;
  private final LongSupplier nanoClock;
  private final InstantSource clock;
  private final Map<Capability, Market> markets = new HashMap<>();

  /** Of the capabilities that have a rate limit; no entry comes or goes. */
  private final Map<String, Quota> quotas = new HashMap<>();

  private final Map<ExecutionKey, Map<String, ReadyTask>> waiting = new HashMap<>();

  /** Places put aside for attempts whose start is not durable yet, by nonce. */
  private final Map<Long, Reservation> reserved = new ConcurrentHashMap<>();

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
    this.random = random;
    this.nanoClock = nanoClock;
    this.clock = clock;
    settings
        .rateLimits()
        .keySet()
        .forEach(capability ->
            quotas.put(capability, new Quota(settings.tenantWeights(), nanoClock.getAsLong())));
  }

  /** A place for a task that became ready just now; null when others wait or nobody has credit. */
  @Nullable Reservation reserve(QueueKey queue) {
    lock.lock();
    try {
      Market market = markets.get(queue.asked());
      if (!open || market == null || market.hasWaiting(queue)) {
        return null;
      }
      AgentChannel channel = market.channelFor(queue);
      Quota quota = market.quota();
      return channel == null || quota != null && !quota.spend() ? null : reserve(channel, null);
    } finally {
      lock.unlock();
    }
  }

  /** The place that was put aside for this attempt, which is now used; null: none was, here. */
  @Nullable Reservation redeem(long nonce) {
    return reserved.remove(nonce);
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

  /** Places put aside for starts that have become of nothing. */
  List<Reservation> forsaken() {
    long now = nanoClock.getAsLong();
    return reserved.values().stream()
        .filter(each -> now - each.sinceNanos() > RESERVED_NANOS_MAX)
        .toList();
  }

  /** The task waits, unless it does already. */
  List<Match> offer(ReadyTask task) {
    lock.lock();
    try {
      var ofExecution = waiting.computeIfAbsent(task.execution(), unused -> new HashMap<>(4));
      if (ofExecution.putIfAbsent(task.task(), task) != null) {
        return List.of();
      }
      Market market = market(task.queue().asked());
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
          .forEach(queue -> market(queue.asked()).remove(queue, execution));
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
        market(new Capability(channel.profile.tenant(), capability)).add(channel);
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
        Market market = markets.get(new Capability(channel.profile.tenant(), capability));
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

  /** Tasks that wait because this agent has no credit left; counts as having told it. */
  int wanted(Connection agent, long nowNanos) {
    lock.lock();
    try {
      int waiting = agent.credit > 0 ? 0 : waitingFor(agent);
      agent.wantedTold = waiting;
      agent.wantedToldNanos = nowNanos;
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** Connected agents to be told now that tasks wait for their credit. */
  List<Shortage> shortages(long nowNanos) {
    lock.lock();
    try {
      List<Shortage> shortages = new ArrayList<>();
      for (Market market : markets.values()) {
        if (market.hasWaiting()) {
          for (AgentChannel channel : market.some(TOLD_AT_ONCE_MAX)) {
            if (channel instanceof Connection agent && isToBeTold(agent, nowNanos)) {
              agent.wantedTold = waitingFor(agent);
              agent.wantedToldNanos = nowNanos;
              shortages.add(new Shortage(agent, agent.wantedTold));
            }
          }
        }
      }
      return shortages;
    } finally {
      lock.unlock();
    }
  }

  private boolean isToBeTold(Connection agent, long nowNanos) {
    return agent.credit <= 0
        && (agent.wantedTold == 0 || nowNanos - agent.wantedToldNanos > TELL_AGAIN_NANOS)
        && waitingFor(agent) > 0;
  }

  /** Whether the agent has been told of a shortage that is over; it counts as told of that. */
  boolean isShortageOver(Connection agent) {
    if (agent.wantedTold == 0) {
      return false;
    }
    lock.lock();
    try {
      if (agent.credit <= 0 && waitingFor(agent) > 0) {
        return false;
      }
      agent.wantedTold = 0;
      // Without credit left it knows already: a task has come for each place that it gave.
      return agent.credit > 0;
    } finally {
      lock.unlock();
    }
  }

  private int waitingFor(AgentChannel channel) {
    int tasks = 0;
    for (String capability : channel.profile.capabilities()) {
      Market market = markets.get(new Capability(channel.profile.tenant(), capability));
      tasks += market == null ? 0 : market.waitingFor(channel);
    }
    return tasks;
  }

  /** Forgets capabilities that nobody offers and no task asks for. */
  void tidy() {
    lock.lock();
    try {
      quotas.values().forEach(Quota::tidy);
      markets.values().removeIf(Market::isIdle);
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
      markets.values().forEach(market -> polls.addAll(market.channels(Poll.class)));
      return polls;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a task waits that such an agent could take. */
  boolean hasWaitingFor(
      String tenant, Collection<String> capabilities, Map<String, String> labels) {
    lock.lock();
    try {
      return capabilities.stream()
          .map(capability -> markets.get(new Capability(tenant, capability)))
          .anyMatch(market -> market != null && market.hasWaitingFor(labels));
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
    return reserved.values().stream()
        .map(Reservation::task)
        .anyMatch(
            one -> one != null && one.execution().equals(execution) && one.task().equals(task));
  }

  /** What kinds of agents tasks wait for. */
  List<WaitingKind> waitingKinds() {
    lock.lock();
    try {
      var kinds = new ArrayList<WaitingKind>();
      for (Market market : markets.values()) {
        for (ReadyQueue queue : market.queues()) {
          if (!queue.isEmpty()) {
            kinds.add(
                new WaitingKind(
                    queue.key.tenant(),
                    queue.key.capability(),
                    queue.key.requires(),
                    queue.size(),
                    queue.oldestReadyAtMillis()));
          }
        }
      }
      return kinds;
    } finally {
      lock.unlock();
    }
  }

  /** Tasks that wait. */
  int waitingCount() {
    return (int) overQueues(0, ReadyQueue::size, Long::sum);
  }

  /** When the task that waits longest became ready, epoch millis; {@code Long.MAX_VALUE}: none. */
  long oldestWaitingMillis() {
    return overQueues(Long.MAX_VALUE, ReadyQueue::oldestReadyAtMillis, Math::min);
  }

  private long overQueues(long none, ToLongFunction<ReadyQueue> figure, LongBinaryOperator join) {
    lock.lock();
    try {
      long result = none;
      for (Market market : markets.values()) {
        for (ReadyQueue queue : market.queues()) {
          result = join.applyAsLong(result, figure.applyAsLong(queue));
        }
      }
      return result;
    } finally {
      lock.unlock();
    }
  }

  private Reservation reserve(AgentChannel channel, @Nullable ReadyTask task) {
    channel.reserved();
    var reservation = new Reservation(channel, random.nextLong(), nanoClock.getAsLong(), task);
    reserved.put(reservation.nonce(), reservation);
    return reservation;
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
    return new Match(task, reserve(channel, task));
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
    if (!quotas.isEmpty()) {
      for (String capability : channel.profile.capabilities()) {
        Quota quota = quotas.get(capability);
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
      Market market = market(queue.key.asked());
      AgentChannel channel = Objects.requireNonNull(market.channelFor(queue.key), "no channel");
      quota.served(queue.key.tenant());
      matches.add(take(queue, channel, nowMillis));
      queue = quota.next();
    }
    return matches;
  }

  /** How many tokens of which capabilities are to be asked for now. */
  Map<String, Integer> tokensToAsk() {
    if (quotas.isEmpty()) {
      return Map.of();
    }
    lock.lock();
    try {
      var asked = new HashMap<String, Integer>();
      quotas.forEach((capability, quota) -> {
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
      Quota quota = quotas.get(capability);
      if (quota == null) {
        return List.of();
      }
      quota.granted(tokens, nanoClock.getAsLong());
      return serve(quota);
    } finally {
      lock.unlock();
    }
  }

  /** Kinds of tasks of the capability that wait though there are tokens: nobody here takes them. */
  List<QueueKey> waitingDespiteTokens(String capability) {
    lock.lock();
    try {
      Quota quota = quotas.get(capability);
      var kinds = new ArrayList<QueueKey>();
      if (quota != null && quota.tokens() > 0) {
        for (Market market : quota.markets()) {
          for (ReadyQueue queue : market.queues()) {
            if (!queue.isEmpty()) {
              kinds.add(queue.key);
            }
          }
        }
      }
      return kinds;
    } finally {
      lock.unlock();
    }
  }

  /** Tasks that wait, by capability, of those that have a rate limit. */
  Map<String, Integer> rateLimited() {
    lock.lock();
    try {
      var sizes = new HashMap<String, Integer>();
      quotas.forEach((capability, quota) -> {
        int size = 0;
        for (Market market : quota.markets()) {
          size += market.size();
        }
        sizes.put(capability, size);
      });
      return sizes;
    } finally {
      lock.unlock();
    }
  }

  /** Tasks of the tenant that wait for the capability. */
  int waitingFor(String tenant, String capability) {
    lock.lock();
    try {
      Market market = markets.get(new Capability(tenant, capability));
      return market == null ? 0 : market.size();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable ReadyQueue queueFor(AgentChannel channel) {
    ReadyQueue best = null;
    for (String capability : channel.profile.capabilities()) {
      Market market = markets.get(new Capability(channel.profile.tenant(), capability));
      if (market != null && market.quota() == null) {
        best = market.queueFor(channel, best);
      }
    }
    return best;
  }

  private Market market(Capability capability) {
    Market market = markets.get(capability);
    if (market == null) {
      Quota quota = quotas.get(capability.name());
      market = new Market(quota);
      markets.put(capability, market);
      if (quota != null) {
        quota.add(capability.tenant(), market);
      }
    }
    return market;
  }
}
