package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Ended executions that are about to leave memory, in the order of their ends. Thread-safe. */
final class Retirements {
  /**
   * How long an ended execution stays in memory: longer than any command can be between looking it
   * up in the store and reaching its owner's thread.
   */
  private static final long STAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Retiring(ExecutionKey key, long atNanos) {}

  private final Queue<Retiring> queue = new ConcurrentLinkedQueue<>();

  void add(ExecutionKey key) {
    queue.add(new Retiring(key, System.nanoTime() + STAY_NANOS));
  }

  /** Those of other members are theirs to retire. */
  void drop(Predicate<ExecutionKey> moved) {
    queue.removeIf(retiring -> moved.test(retiring.key()));
  }

  /** Retires those whose time has come. Called by one thread. */
  void poll(Consumer<ExecutionKey> retire) {
    long now = System.nanoTime();
    for (Retiring next = queue.peek();
        next != null && next.atNanos() - now <= 0;
        next = queue.peek()) {
      queue.remove();
      retire.accept(next.key());
    }
  }
}
