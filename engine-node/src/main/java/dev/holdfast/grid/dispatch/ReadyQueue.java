package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait for agents of one kind. Fair in two ways (ADR 0035): executions of one
 * priority take turns, a task each, so that a wide execution doesn't hold up narrow ones; among
 * priorities the higher goes first, but each level of priority is worth only {@link #AGEING_MILLIS}
 * of waiting for a turn, so that the lower never starves, however much the higher has to do. Not
 * thread-safe; every operation takes constant time.
 */
final class ReadyQueue {
  /** A turn overtakes those that are one priority lower and have waited up to so much longer. */
  static final long AGEING_MILLIS = 10_000;

  private static final int PRIORITIES = 10;

  final QueueKey key;

  private final Level[] levels = new Level[PRIORITIES];

  /** A bit for each priority that has tasks. */
  private int occupied;

  private int size;

  ReadyQueue(QueueKey key) {
    this.key = key;
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

  /**
   * Adds the task behind the others of its execution. It must not be in the queue yet.
   *
   * @param number grows with each addition and each turn, over all queues that are compared
   */
  void add(ReadyTask task, long number) {
    levels[task.priority()].add(task, number);
    occupied |= 1 << task.priority();
    size++;
  }

  /** Whose turn it is; null when nobody waits. */
  @Nullable Turn next() {
    Turn best = null;
    for (int rest = occupied; rest != 0; rest &= rest - 1) {
      Turn head = levels[Integer.numberOfTrailingZeros(rest)].first;
      if (best == null || head != null && head.isBefore(best)) {
        best = head;
      }
    }
    return best;
  }

  /**
   * Takes the task whose turn it is; null when there is none.
   *
   * @param nowMillis from when on its execution waits for the next turn, wall clock
   * @param number as of {@link #add}
   */
  @Nullable ReadyTask poll(long nowMillis, long number) {
    Turn turn = next();
    if (turn == null) {
      return null;
    }
    Level level = levels[turn.priority];
    size--;
    ReadyTask task = level.poll(turn, nowMillis, number);
    emptied(turn.priority);
    return task;
  }

  /** When the oldest task at a turn's head became ready; {@code Long.MAX_VALUE} when empty. */
  long oldestReadyAtMillis() {
    long oldest = Long.MAX_VALUE;
    for (int rest = occupied; rest != 0; rest &= rest - 1) {
      oldest = Math.min(oldest, levels[Integer.numberOfTrailingZeros(rest)].oldestReadyAtMillis());
    }
    return oldest;
  }

  /** Removes every task of the execution. Returns how many there were. */
  int removeAll(ExecutionKey execution) {
    int removed = 0;
    for (int priority = 0; priority < PRIORITIES; priority++) {
      removed += levels[priority].removeAll(execution);
      emptied(priority);
    }
    size -= removed;
    return removed;
  }

  private void emptied(int priority) {
    if (levels[priority].first == null) {
      occupied &= ~(1 << priority);
    }
  }

  /** An execution's tasks of one priority, and its place among the executions that take turns. */
  static final class Turn {
    private final ExecutionKey execution;
    private final int priority;
    private final ArrayDeque<ReadyTask> tasks = new ArrayDeque<>(2);
    private @Nullable Turn before;
    private @Nullable Turn after;
    private long rank;
    private long number;

    private Turn(ReadyTask first, long number) {
      this.execution = first.execution();
      this.priority = first.priority();
      this.rank = rank(first.readyAtMillis());
      this.number = number;
    }

    private long rank(long sinceMillis) {
      return sinceMillis - priority * AGEING_MILLIS;
    }

    /** Whether it goes first: it has waited longer, priorities weighed in, or was there before. */
    boolean isBefore(Turn other) {
      return rank < other.rank || rank == other.rank && isAhead(other);
    }

    private boolean isAhead(Turn other) {
      return priority > other.priority || priority == other.priority && number < other.number;
    }
  }

  /** One priority: the executions in the order of their turns, linked. */
  private static final class Level {
    private final Map<ExecutionKey, Turn> turns = new HashMap<>();
    private @Nullable Turn first;
    private @Nullable Turn last;

    void add(ReadyTask task, long number) {
      Turn turn = turns.get(task.execution());
      if (turn == null) {
        turn = new Turn(task, number);
        turns.put(task.execution(), turn);
        append(turn);
      }
      turn.tasks.add(task);
    }

    ReadyTask poll(Turn turn, long nowMillis, long number) {
      ReadyTask task = turn.tasks.remove();
      if (turn.tasks.isEmpty()) {
        turns.remove(turn.execution);
        unlink(turn);
      } else {
        turn.rank = turn.rank(nowMillis);
        turn.number = number;
        if (turn != last) {
          unlink(turn);
          append(turn);
        }
      }
      return task;
    }

    long oldestReadyAtMillis() {
      ReadyTask task = first == null ? null : first.tasks.peek();
      return task == null ? Long.MAX_VALUE : task.readyAtMillis();
    }

    int removeAll(ExecutionKey execution) {
      Turn turn = turns.remove(execution);
      if (turn == null) {
        return 0;
      }
      unlink(turn);
      return turn.tasks.size();
    }

    private void append(Turn turn) {
      Turn tail = last;
      turn.before = tail;
      turn.after = null;
      last = turn;
      if (tail == null) {
        first = turn;
      } else {
        tail.after = turn;
      }
    }

    private void unlink(Turn turn) {
      Turn previous = turn.before;
      Turn next = turn.after;
      if (previous == null) {
        first = next;
      } else {
        previous.after = next;
      }
      if (next == null) {
        last = previous;
      } else {
        next.before = previous;
      }
    }
  }
}
