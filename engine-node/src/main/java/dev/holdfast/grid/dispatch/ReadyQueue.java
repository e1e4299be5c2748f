package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait for agents of one kind. Fair in two ways: among executions of one priority it
 * goes round, so that a wide execution doesn't hold up narrow ones; among priorities the higher
 * goes first, but each level of priority is worth only {@link #AGEING_MILLIS} of waiting, so that
 * the lower never starves. Not thread-safe; every operation takes constant time.
 */
final class ReadyQueue {
  /** A task overtakes those that are one priority lower and became ready up to so much earlier. */
  static final long AGEING_MILLIS = 10_000;

  private static final int PRIORITIES = 10;

  private final Level[] levels = new Level[PRIORITIES];
  private int size;

  ReadyQueue() {
    for (int i = 0; i < PRIORITIES; i++) {
      levels[i] = new Level();
    }
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Adds the task behind the others of its execution. It must not be in the queue yet. */
  void add(ReadyTask task) {
    levels[task.priority()].add(task);
    size++;
  }

  /** Takes the task whose turn it is; null when there is none. */
  @Nullable ReadyTask poll() {
    Level best = null;
    long bestRank = Long.MAX_VALUE;
    for (int priority = PRIORITIES - 1; priority >= 0; priority--) {
      ReadyTask head = levels[priority].head();
      if (head != null && rank(head) < bestRank) {
        best = levels[priority];
        bestRank = rank(head);
      }
    }
    if (best == null) {
      return null;
    }
    size--;
    return best.poll();
  }

  /** When the oldest task at a turn's head became ready; {@code Long.MAX_VALUE} when empty. */
  long oldestReadyAtMillis() {
    long oldest = Long.MAX_VALUE;
    for (Level level : levels) {
      ReadyTask head = level.head();
      if (head != null) {
        oldest = Math.min(oldest, head.readyAtMillis());
      }
    }
    return oldest;
  }

  /** Removes every task of the execution. Returns how many there were. */
  int removeAll(ExecutionKey execution) {
    int removed = 0;
    for (Level level : levels) {
      removed += level.removeAll(execution);
    }
    size -= removed;
    return removed;
  }

  private static long rank(ReadyTask task) {
    return task.readyAtMillis() - task.priority() * AGEING_MILLIS;
  }

  /** One priority: executions take turns, each with its own tasks in order. */
  private static final class Level {
    private final Map<ExecutionKey, ArrayDeque<ReadyTask>> turns = new LinkedHashMap<>();

    void add(ReadyTask task) {
      turns.computeIfAbsent(task.execution(), key -> new ArrayDeque<>(2)).add(task);
    }

    @Nullable ReadyTask head() {
      return turns.isEmpty() ? null : turns.values().iterator().next().peek();
    }

    ReadyTask poll() {
      var iterator = turns.entrySet().iterator();
      var turn = iterator.next();
      iterator.remove();
      ReadyTask task = turn.getValue().poll();
      if (!turn.getValue().isEmpty()) {
        turns.put(turn.getKey(), turn.getValue());
      }
      return task;
    }

    int removeAll(ExecutionKey execution) {
      var tasks = turns.remove(execution);
      return tasks == null ? 0 : tasks.size();
    }
  }
}
