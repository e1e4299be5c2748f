package dev.holdfast.grid.dispatch;

import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;

/**
 * A poll that waits. It takes tasks until the first one is delivered or its time is over, and
 * answers once nothing that was put aside for it is under way any more.
 */
final class Poll extends AgentChannel {
  final CompletableFuture<List<Assignment>> answer = new CompletableFuture<>();

  private final Lock lock;
  private final Runnable onClose;
  private final List<Assignment> delivered = new ArrayList<>();
  private int underWay;

  Poll(AgentProfile profile, int max, Lock lock, Runnable onClose) {
    super(profile);
    this.credit = max;
    this.lock = lock;
    this.onClose = onClose;
  }

  @Override
  void reserved() {
    credit--;
    underWay++;
  }

  @Override
  void released() {
    credit++;
    underWay--;
    answerIfSettled();
  }

  @Override
  List<Assignment> deliver(List<Assignment> assignments) {
    lock.lock();
    try {
      underWay -= assignments.size();
      if (answer.isDone()) {
        // The caller went away meanwhile.
        return assignments;
      }
      delivered.addAll(assignments);
      close();
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more; called under the dispatcher's lock. */
  void close() {
    if (open) {
      open = false;
      onClose.run();
    }
    answerIfSettled();
  }

  private void answerIfSettled() {
    if (!open && underWay == 0) {
      var tasks = List.copyOf(delivered);
      // Not here: what waits for it must not run under the lock.
      answer.completeAsync(() -> tasks, Thread::startVirtualThread);
    }
  }
}
