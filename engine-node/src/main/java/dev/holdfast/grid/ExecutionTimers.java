package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * When executions want their {@code FireTimers}: one timer for each, at the earliest time asked
 * for. An execution that is fired too early finds nothing due and asks again, so a later time needs
 * no change here. Thread-safe.
 */
final class ExecutionTimers {
  /** Resolution: 8 ms. A power of two, as the wheel wants it. */
  private static final long TICK_MILLIS = 8;

  private static final int TICKS = 4096;
  private static final int EXPIRIES_MAX = 10_000;

  private record Armed(long timer, long atMillis) {}

  private final InstantSource clock;
  private final DeadlineTimerWheel wheel;
  private final Map<ExecutionKey, Armed> armed = new HashMap<>();
  private final Long2ObjectHashMap<ExecutionKey> keys = new Long2ObjectHashMap<>();

  ExecutionTimers(InstantSource clock) {
    this.clock = clock;
    this.wheel = new DeadlineTimerWheel(TimeUnit.MILLISECONDS, clock.millis(), TICK_MILLIS, TICKS);
  }

  /** The execution is to be fired at this time or earlier. */
  synchronized void arm(ExecutionKey key, Instant at) {
    long atMillis = at.toEpochMilli();
    Armed before = armed.get(key);
    if (before != null) {
      if (before.atMillis() <= atMillis) {
        return;
      }
      wheel.cancelTimer(before.timer());
      keys.remove(before.timer());
    }
    long timer = wheel.scheduleTimer(atMillis);
    armed.put(key, new Armed(timer, atMillis));
    keys.put(timer, key);
  }

  /** Whether the execution is to be fired at this time at the latest. */
  synchronized boolean isArmed(ExecutionKey key, Instant at) {
    Armed here = armed.get(key);
    return here != null && here.atMillis() <= at.toEpochMilli();
  }

  synchronized void disarm(ExecutionKey key) {
    Armed before = armed.remove(key);
    if (before != null) {
      wheel.cancelTimer(before.timer());
      keys.remove(before.timer());
    }
  }

  /** Forgets the timers of these executions. */
  synchronized void drop(Predicate<ExecutionKey> moved) {
    List.copyOf(armed.keySet()).stream().filter(moved).forEach(this::disarm);
  }

  /** Fires what is due. Called every few milliseconds by one thread, which {@code fire} runs on. */
  void poll(Consumer<ExecutionKey> fire) {
    List<ExecutionKey> due = new ArrayList<>();
    synchronized (this) {
      long now = clock.millis();
      // The wheel goes one tick a call at most; after a stall it has to catch up.
      do {
        wheel.poll(
            now,
            (unit, nowMillis, timer) -> {
              ExecutionKey key = keys.remove(timer);
              if (key != null) {
                armed.remove(key);
                due.add(key);
              }
              return true;
            },
            EXPIRIES_MAX);
      } while (wheel.currentTickTime() < now && due.size() < EXPIRIES_MAX);
    }
    due.forEach(fire);
  }

  /** Executions with a timer, for metrics. */
  synchronized int size() {
    return armed.size();
  }
}
