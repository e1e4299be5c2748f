package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ExecutionTimersTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ExecutionKey KEY = new ExecutionKey("default", "e1");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final ExecutionTimers timers = new ExecutionTimers(now::get);
  private final List<ExecutionKey> fired = new ArrayList<>();

  @Test
  void theEarliestTimeAskedForCounts() {
    timers.arm(KEY, START.plusSeconds(60));
    timers.arm(KEY, START.plusSeconds(1));
    timers.arm(KEY, START.plusSeconds(30));

    pollAt(START.plusMillis(900));
    assertThat(fired).isEmpty();
    pollAt(START.plusMillis(1020));
    assertThat(fired).containsExactly(KEY);
    pollAt(START.plusSeconds(120));
    assertThat(fired).hasSize(1);
    assertThat(timers.size()).isZero();
  }

  @Test
  void aDisarmedExecutionIsNotFired() {
    timers.arm(KEY, START.plusSeconds(1));
    timers.disarm(KEY);
    pollAt(START.plusSeconds(10));
    assertThat(fired).isEmpty();
  }

  @Test
  void whatIsDueAlreadyFiresAtOnce() {
    pollAt(START.plusSeconds(5));
    timers.arm(KEY, START);
    pollAt(START.plusSeconds(5).plusMillis(20));
    assertThat(fired).containsExactly(KEY);
  }

  @Test
  void timersBeyondOneTurnOfTheWheelFireInTheirTime() {
    timers.arm(KEY, START.plus(Duration.ofHours(24)));
    for (int hour = 1; hour < 24; hour++) {
      pollAt(START.plus(Duration.ofHours(hour)));
    }
    assertThat(fired).isEmpty();
    pollAt(START.plus(Duration.ofHours(24)).plusMillis(20));
    assertThat(fired).containsExactly(KEY);
  }

  @Test
  void eachFiresOnceNotBeforeItsTimeAndSoonAfter() {
    var random = new SplittableRandom(7);
    var due = new HashMap<ExecutionKey, Instant>();
    for (int i = 0; i < 2000; i++) {
      var key = new ExecutionKey("default", "e" + i);
      due.put(key, START.plusMillis(random.nextInt(200_000)));
      timers.arm(key, due.get(key));
    }
    for (int ms = 0; ms <= 200_100; ms += 20) {
      fired.clear();
      pollAt(START.plusMillis(ms));
      for (ExecutionKey key : fired) {
        Instant at = due.remove(key);
        assertThat(at).isBetween(now.get().minusMillis(60), now.get().plusMillis(8));
      }
    }
    assertThat(due).isEmpty();
  }

  private void pollAt(Instant time) {
    now.set(time);
    timers.poll(fired::add);
  }
}
