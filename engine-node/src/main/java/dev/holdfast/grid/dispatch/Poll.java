package dev.holdfast.grid.dispatch;

import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A poll that waits. It takes tasks until the first one is delivered or its time is over, and
 * answers once nothing that was put aside for it is under way any more.
 */
final class Poll extends AgentChannel {
  final CompletableFuture<List<Assignment>> answer = new CompletableFuture<>();

  private final Exchange exchange;
  private final List<Assignment> delivered = new ArrayList<>();
  private int underWay;

  Poll(AgentProfile profile, int max, Exchange exchange) {
    super(profile);
    this.credit = max;
    this.exchange = exchange;
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
    exchange.lock.lock();
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
      exchange.lock.unlock();
    }
  }

  /** Takes no more. */
  void close() {
    exchange.lock.lock();
    try {
      if (open) {
        open = false;
        exchange.leave(this);
      }
      answerIfSettled();
    } finally {
      exchange.lock.unlock();
    }
  }

  private void answerIfSettled() {
    if (!open && underWay == 0) {
      var tasks = List.copyOf(delivered);
      // Not here: what waits for it must not run under the lock.
      answer.completeAsync(() -> tasks, Thread::startVirtualThread);
    }
  }
}
