package dev.holdfast.client;

import dev.holdfast.api.TaskToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The tasks that an agent holds, each from its arrival until its result is acknowledged. Guarded by
 * the agent's lock.
 */
final class HeldTasks {
  private final Map<TaskToken, HeldTask> held = new HashMap<>();
  private final Condition emptied;

  /**
   * @param lock the agent's
   */
  HeldTasks(ReentrantLock lock) {
    this.emptied = lock.newCondition();
  }

  int count() {
    return held.size();
  }

  List<TaskToken> tokens() {
    return List.copyOf(held.keySet());
  }

  List<HeldTask> all() {
    return List.copyOf(held.values());
  }

  /** Those of these attempts that it holds. */
  List<HeldTask> among(Collection<TaskToken> tokens) {
    List<HeldTask> tasks = new ArrayList<>(tokens.size());
    for (TaskToken token : tokens) {
      HeldTask task = held.get(token);
      if (task != null) {
        tasks.add(task);
      }
    }
    return tasks;
  }

  /** Takes the task; false: it holds that attempt already. */
  boolean add(HeldTask task) {
    return held.putIfAbsent(task.token(), task) == null;
  }

  void remove(HeldTask task) {
    held.remove(task.token());
    if (held.isEmpty()) {
      emptied.signalAll();
    }
  }

  /**
   * Waits until it holds none, without the lock meanwhile.
   *
   * @return whether that was so in time
   */
  boolean awaitNone(Duration within) throws InterruptedException {
    long left = within.toNanos();
    while (!held.isEmpty() && left > 0) {
      left = emptied.awaitNanos(left);
    }
    return held.isEmpty();
  }
}
