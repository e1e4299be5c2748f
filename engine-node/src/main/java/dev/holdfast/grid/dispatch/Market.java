package dev.holdfast.grid.dispatch;

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
  private final Map<QueueKey, ReadyQueue> queues = new HashMap<>();
  private final List<AgentChannel> channels = new ArrayList<>();
  private int turn;

  ReadyQueue queue(QueueKey key) {
    return queues.computeIfAbsent(key, unused -> new ReadyQueue());
  }

  boolean hasWaiting(QueueKey key) {
    ReadyQueue queue = queues.get(key);
    return queue != null && !queue.isEmpty();
  }

  /** Whether a task waits that an agent with these labels could take. */
  boolean hasWaitingFor(Map<String, String> labels) {
    return queues.entrySet().stream()
        .anyMatch(entry ->
            !entry.getValue().isEmpty()
                && labels.entrySet().containsAll(entry.getKey().requires().entrySet()));
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

  /** The queue that this agent should be served from next; null when none waits. */
  @Nullable ReadyQueue queueFor(AgentChannel channel) {
    ReadyQueue best = null;
    for (var entry : queues.entrySet()) {
      ReadyQueue queue = entry.getValue();
      if (!queue.isEmpty()
          && channel.accepts(entry.getKey())
          && (best == null || queue.oldestReadyAtMillis() < best.oldestReadyAtMillis())) {
        best = queue;
      }
    }
    return best;
  }

  /** Tasks that wait and that this agent may take, credit aside. */
  int waitingFor(AgentChannel channel) {
    int waiting = 0;
    for (var entry : queues.entrySet()) {
      if (!entry.getValue().isEmpty() && channel.isFor(entry.getKey())) {
        waiting += entry.getValue().size();
      }
    }
    return waiting;
  }

  boolean hasWaiting() {
    return queues.values().stream().anyMatch(queue -> !queue.isEmpty());
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
    return queues.values();
  }

  <T extends AgentChannel> List<T> channels(Class<T> kind) {
    return channels.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  boolean isIdle() {
    return channels.isEmpty() && queues.values().stream().allMatch(ReadyQueue::isEmpty);
  }
}
