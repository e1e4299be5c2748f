package dev.holdfast.grid.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReadyQueueTest {
  private static final QueueKey AGENT = new QueueKey("default", "agent", Map.of());

  private final ReadyQueue queue = new ReadyQueue(AGENT);
  private long number;
  private long nowMillis;

  @Test
  void executionsOfOnePriorityTakeTurns() {
    add("wide", "a", 5, 0);
    add("wide", "b", 5, 0);
    add("wide", "c", 5, 0);
    add("narrow", "x", 5, 1);

    assertThat(drain()).containsExactly("wide.a", "narrow.x", "wide.b", "wide.c");
  }

  @Test
  void aHigherPriorityGoesFirst() {
    add("e1", "low", 1, 0);
    add("e2", "high", 9, 1000);

    assertThat(drain()).containsExactly("e2.high", "e1.low");
  }

  @Test
  void aLowPriorityThatHasWaitedLongEnoughGoesBeforeAHighOne() {
    add("e1", "low", 0, 0);
    add("e2", "high", 9, 9 * ReadyQueue.AGEING_MILLIS + 1);

    assertThat(drain()).containsExactly("e1.low", "e2.high");
  }

  @Test
  void aWideExecutionOfHighPriorityIsOvertakenOnceALowOneHasWaitedForItsTurn() {
    for (int i = 0; i < 1000; i++) {
      add("wide", "w" + i, 6, 0);
    }
    add("narrow", "n", 5, 0);

    // One task each second: what counts is when the wide one had its last turn.
    var order = new ArrayList<String>();
    for (nowMillis = 0; !order.contains("narrow.n"); nowMillis += 1000) {
      order.add(poll(queue));
    }
    assertThat(order).hasSize(13);
    assertThat(order.getFirst()).isEqualTo("wide.w0");
  }

  @Test
  void everyPriorityIsServedWhileTheHighestNeverRunsOut() {
    for (int priority = 0; priority < 9; priority++) {
      add("p" + priority, "t", priority, 0);
    }
    for (int i = 0; i < 500; i++) {
      add("flood" + i % 7, "f" + i, 9, 0);
    }
    var servedAt = new HashMap<String, Long>();
    for (nowMillis = 0; nowMillis < 400_000; nowMillis += 1000) {
      add("more" + nowMillis, "f", 9, nowMillis);
      servedAt.putIfAbsent(poll(queue), nowMillis);
    }
    for (int priority = 0; priority < 9; priority++) {
      assertThat(servedAt.get("p" + priority + ".t"))
          .as("priority %d", priority)
          .isBetween((9 - priority) * ReadyQueue.AGEING_MILLIS, 200_000L);
    }
  }

  @Test
  void aWithdrawnExecutionLeavesNothingBehind() {
    add("e1", "a", 5, 0);
    add("e1", "b", 9, 0);
    add("e2", "c", 5, 0);

    assertThat(queue.removeAll(key("e1"))).isEqualTo(2);
    assertThat(queue.size()).isEqualTo(1);
    assertThat(drain()).containsExactly("e2.c");
    assertThat(queue.oldestReadyAtMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void everyTaskComesOutOnceAndOneExecutionsTasksInTheirOrder() {
    for (long seed = 0; seed < 50; seed++) {
      var random = new SplittableRandom(seed);
      var fresh = new ReadyQueue(AGENT);
      var added = new ArrayList<ReadyTask>();
      for (int i = 0; i < 200; i++) {
        var task = task("e" + random.nextInt(20), "t" + i, random.nextInt(10), i);
        fresh.add(task, i);
        added.add(task);
      }
      var seen = new HashSet<ReadyTask>();
      var lastOf = new HashMap<String, Long>();
      for (ReadyTask task = fresh.poll(200, 200); task != null; task = fresh.poll(200, 200)) {
        assertThat(seen.add(task)).as("seed %d", seed).isTrue();
        Long before =
            lastOf.put(task.execution().id() + '/' + task.priority(), task.readyAtMillis());
        assertThat(before == null || before < task.readyAtMillis()).as("seed %d", seed).isTrue();
      }
      assertThat(seen).as("seed %d", seed).hasSameElementsAs(added);
    }
  }

  @Test
  void aThousandTasksOfOneExecutionDoNotHoldUpAHundredOfThree() {
    for (int i = 0; i < 1000; i++) {
      add("wide", "w" + i, 5, 0);
    }
    for (int e = 0; e < 100; e++) {
      for (int i = 0; i < 3; i++) {
        add("narrow" + e, "n" + i, 5, 1);
      }
    }
    List<String> order = drain();
    assertThat(order.subList(0, 303).stream().filter(id -> id.startsWith("narrow"))).hasSize(300);
  }

  private void add(String execution, String task, int priority, long readyAt) {
    queue.add(task(execution, task, priority, readyAt), ++number);
  }

  private static ReadyTask task(String execution, String task, int priority, long readyAt) {
    return new ReadyTask(key(execution), task, AGENT, priority, readyAt);
  }

  private static ExecutionKey key(String id) {
    return new ExecutionKey("default", id);
  }

  private List<String> drain() {
    var order = new ArrayList<String>();
    for (String task = poll(queue); !task.isEmpty(); task = poll(queue)) {
      order.add(task);
    }
    return order;
  }

  private String poll(ReadyQueue from) {
    ReadyTask task = from.poll(nowMillis, ++number);
    return task == null ? "" : task.execution().id() + '.' + task.task();
  }
}
