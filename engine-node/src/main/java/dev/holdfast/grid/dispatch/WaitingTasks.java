package dev.holdfast.grid.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;

/** What waits for agents in all markets, to look at. Thread-safe. */
public final class WaitingTasks {
  private final Markets markets;

  WaitingTasks(Markets markets) {
    this.markets = markets;
  }

  /** Whether a task waits that such an agent could take. */
  public boolean hasFor(
      String tenant, Collection<String> capabilities, Map<String, String> labels) {
    markets.lock.lock();
    try {
      return capabilities.stream()
          .map(capability -> markets.find(new Capability(tenant, capability)))
          .anyMatch(market -> market != null && market.hasWaitingFor(labels));
    } finally {
      markets.lock.unlock();
    }
  }

  /** What kinds of agents tasks wait for. */
  public List<WaitingKind> kinds() {
    markets.lock.lock();
    try {
      var kinds = new ArrayList<WaitingKind>();
      for (Market market : markets.all()) {
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
      markets.lock.unlock();
    }
  }

  /** Tasks that wait. */
  public int count() {
    return (int) overQueues(0, ReadyQueue::size, Long::sum);
  }

  /** When the task that waits longest became ready, epoch millis; {@code Long.MAX_VALUE}: none. */
  public long oldestMillis() {
    return overQueues(Long.MAX_VALUE, ReadyQueue::oldestReadyAtMillis, Math::min);
  }

  /** How long the task that waits longest has been waiting, whole seconds; 0: none waits. */
  public long oldestSeconds(long nowMillis) {
    long oldest = oldestMillis();
    return oldest == Long.MAX_VALUE
        ? 0
        : TimeUnit.MILLISECONDS.toSeconds(Math.max(0, nowMillis - oldest));
  }

  private long overQueues(long none, ToLongFunction<ReadyQueue> figure, LongBinaryOperator join) {
    markets.lock.lock();
    try {
      long result = none;
      for (Market market : markets.all()) {
        for (ReadyQueue queue : market.queues()) {
          result = join.applyAsLong(result, figure.applyAsLong(queue));
        }
      }
      return result;
    } finally {
      markets.lock.unlock();
    }
  }

  /** Kinds of tasks of the capability that wait though there are tokens: nobody here takes them. */
  List<QueueKey> despiteTokens(String capability) {
    markets.lock.lock();
    try {
      Quota quota = markets.quota(capability);
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
      markets.lock.unlock();
    }
  }

  /**
   * Tasks that wait for their turn under a rate limit, by capability, of all that have one. Those
   * are not among them for which there is a turn, and no agent here.
   */
  public Map<String, Integer> rateLimited() {
    markets.lock.lock();
    try {
      var heldUp = new HashMap<String, Integer>();
      markets.quotas().forEach((capability, quota) -> heldUp.put(capability, quota.heldUp()));
      return heldUp;
    } finally {
      markets.lock.unlock();
    }
  }

  /** Tasks of the tenant that wait for the capability. */
  public int countOf(String tenant, String capability) {
    markets.lock.lock();
    try {
      Market market = markets.find(new Capability(tenant, capability));
      return market == null ? 0 : market.size();
    } finally {
      markets.lock.unlock();
    }
  }
}
