package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Places put aside for attempts whose start is not durable yet. Thread-safe. */
final class Reservations {
  /**
   * Nothing is heard any more of a start that was put aside for so long: its partition has gone to
   * another member meanwhile. Should it come after all, its agent is found by the roll call.
   */
  private static final long RESERVED_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  /**
   * A start that is not answered within that may have got lost while its partition moved, and never
   * be answered: its task waits for an agent again. Should the first take effect after all, the
   * second is refused.
   */
  static final long ANSWER_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

  private final RandomGenerator random;
  private final LongSupplier nanoClock;

  /** By nonce. */
  private final Map<Long, Reservation> reserved = new ConcurrentHashMap<>();

  /**
   * @param nanoClock as {@code System.nanoTime}
   */
  Reservations(RandomGenerator random, LongSupplier nanoClock) {
    this.random = random;
    this.nanoClock = nanoClock;
  }

  /** Puts a place with the agent aside. Under the exchange's lock, which guards channels. */
  Reservation add(AgentChannel channel, @Nullable ReadyTask task) {
    channel.reserved();
    var reservation = new Reservation(channel, random.nextLong(), nanoClock.getAsLong(), task);
    reserved.put(reservation.nonce(), reservation);
    return reservation;
  }

  /** Takes the place that was put aside for this attempt; null: none was, here. */
  @Nullable Reservation remove(long nonce) {
    return reserved.remove(nonce);
  }

  /** Places put aside for starts that have become of nothing. */
  List<Reservation> forsaken() {
    long now = nanoClock.getAsLong();
    return reserved.values().stream()
        .filter(each -> now - each.sinceNanos() > RESERVED_NANOS_MAX)
        .toList();
  }

  /** Tasks whose starts are not answered; each is named once. */
  List<ReadyTask> unanswered() {
    long now = nanoClock.getAsLong();
    var unanswered = new ArrayList<ReadyTask>();
    for (Reservation each : reserved.values()) {
      ReadyTask task = each.task();
      if (task != null
          && now - each.sinceNanos() > ANSWER_NANOS_MAX
          && reserved.replace(each.nonce(), each, each.ofNoTask())) {
        unanswered.add(task);
      }
    }
    return unanswered;
  }

  /** Whether the task waited, and is being started. */
  boolean has(ExecutionKey execution, String task) {
    return reserved.values().stream()
        .map(Reservation::task)
        .anyMatch(
            one -> one != null && one.execution().equals(execution) && one.task().equals(task));
  }
}
