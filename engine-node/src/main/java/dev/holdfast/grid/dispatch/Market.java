package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Supply and demand of one capability: the agents that offer it and the queues of tasks that ask
 * for it, one for each set of labels. Not thread-safe.
 */
final class Market {
  private final Map<QueueKey, ReadyQueue> byKey = new HashMap<>();

  /** The same, to go through. */
  private final List<ReadyQueue> queues = new ArrayList<>();

  private final List<AgentChannel> channels = new ArrayList<>();
  private final @Nullable Quota quota;
  private int turn;

  /**
   * @param quota of the capability; null: it has no rate limit
   */
  Market(@Nullable Quota quota) {
    this.quota = quota;
  }

  @Nullable Quota quota() {
    return quota;
  }

  /** Tasks that wait. */
  int size() {
    int size = 0;
    for (ReadyQueue queue : queues) {
      size += queue.size();
    }
    return size;
  }

  /** The queue to be served next of those that some agent has credit for; null: there is none. */
  @Nullable ReadyQueue servable() {
    ReadyQueue best = null;
    ReadyQueue.Turn first = null;
    for (ReadyQueue queue : queues) {
      ReadyQueue.Turn next = queue.next();
      if (next != null && (first == null || next.isBefore(first)) && hasCreditFor(queue.key)) {
        first = next;
        best = queue;
      }
    }
    return best;
  }

  private boolean hasCreditFor(QueueKey key) {
    for (AgentChannel channel : channels) {
      if (channel.accepts(key)) {
        return true;
      }
    }
    return false;
  }

  private ReadyQueue queue(QueueKey key) {
    ReadyQueue queue = byKey.get(key);
    if (queue == null) {
      queue = new ReadyQueue(key);
      byKey.put(key, queue);
      queues.add(queue);
    }
    return queue;
  }

  /**
   * The task waits.
   *
   * @param number as {@link ReadyQueue#add} wants it
   */
  void add(ReadyTask task, long number) {
    queue(task.queue()).add(task, number);
  }

  /** Tasks that wait, by what they ask for; null: none ever did. */
  @Nullable ReadyQueue find(QueueKey key) {
    return byKey.get(key);
  }

  /**
   * The queue that this agent should be served from next: executions take turns in all queues that
   * it takes from together. Null when none waits.
   *
   * @param best of another capability, which goes first where its turn does; null: there is none
   */
  @Nullable ReadyQueue queueFor(AgentChannel channel, @Nullable ReadyQueue best) {
    ReadyQueue chosen = best;
    ReadyQueue.Turn first = best == null ? null : best.next();
    for (int i = 0; i < queues.size(); i++) {
      ReadyQueue queue = queues.get(i);
      ReadyQueue.Turn next = queue.next();
      if (next != null && (first == null || next.isBefore(first)) && channel.accepts(queue.key)) {
        first = next;
        chosen = queue;
      }
    }
    return chosen;
  }

  /** None of the execution's tasks of this queue waits any more. */
  void remove(QueueKey key, ExecutionKey execution) {
    ReadyQueue queue = byKey.get(key);
    if (queue != null) {
      queue.removeAll(execution);
    }
  }

  boolean hasWaiting(QueueKey key) {
    ReadyQueue queue = byKey.get(key);
    return queue != null && !queue.isEmpty();
  }

  /** Whether a task waits that an agent with these labels could take. */
  boolean hasWaitingFor(Map<String, String> labels) {
    return (quota == null || quota.tokens() > 0)
        && queues.stream()
            .anyMatch(queue ->
                !queue.isEmpty() && labels.entrySet().containsAll(queue.key.requires().entrySet()));
  }

  void add(AgentChannel channel) {
    channels.add(channel);
  }

  void remove(AgentChannel channel) {
    channels.remove(channel);
  }

  /** An agent that takes a task of this queue; agents take turns. Null when there is none. */
  @Nullable AgentChannel channelFor(QueueKey key) {
    int count = channels.size();
    for (int i = 0; i < count; i++) {
      turn = turn + 1 >= count ? 0 : turn + 1;
      AgentChannel channel = channels.get(turn);
      if (channel.accepts(key)) {
        return channel;
      }
    }
    return null;
  }

  /** Tasks that wait and that this agent may take, credit aside. */
  int waitingFor(AgentChannel channel) {
    int waiting = 0;
    for (ReadyQueue queue : queues) {
      if (!queue.isEmpty() && channel.isFor(queue.key)) {
        waiting += queue.size();
      }
    }
    // What waits for its rate limit does not wait for credit.
    return quota == null ? waiting : Math.min(waiting, quota.tokens());
  }

  boolean hasWaiting() {
    return queues.stream().anyMatch(queue -> !queue.isEmpty());
  }

  /** The agents in turn, another one first each time; as many as that. */
  List<AgentChannel> some(int most) {
    int count = Math.min(most, channels.size());
    List<AgentChannel> some = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      turn = turn + 1 >= channels.size() ? 0 : turn + 1;
      some.add(channels.get(turn));
    }
    return some;
  }

  Iterable<ReadyQueue> queues() {
    return queues;
  }

  <T extends AgentChannel> List<T> channels(Class<T> kind) {
    return channels.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  boolean isIdle() {
    return channels.isEmpty() && queues.stream().allMatch(ReadyQueue::isEmpty);
  }
}
