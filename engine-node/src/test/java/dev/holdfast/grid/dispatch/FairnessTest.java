package dev.holdfast.grid.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.DispatchSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is handed out when agents are scarce, in virtual time. */
class FairnessTest {
  private static final int PLACES = 8;
  private static final long TASK_MILLIS = 1000;

  private long nowMillis;
  private final Exchange exchange =
      new Exchange(
          new SplittableRandom(7),
          () -> nowMillis * 1_000_000,
          () -> Instant.ofEpochMilli(nowMillis),
          DispatchSettings.NONE);
  private final List<HandOver> handOvers = new ArrayList<>();

  private record HandOver(ReadyTask task, long atMillis) {
    long waitMillis() {
      return atMillis - task.readyAtMillis();
    }

    boolean isOf(String execution) {
      return task.execution().id().startsWith(execution);
    }
  }

  /** The figures of docs/PERFORMANCE.md. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneExecutionOfAThousandTasksDoesNotStarveAHundredOfThree(boolean byPolls) {
    for (int i = 0; i < 1000; i++) {
      offer("wide", i, 5, Map.of());
    }
    for (int i = 0; i < 100; i++) {
      offer("narrow" + i, 0, 5, Map.of());
    }
    runAll(byPolls, 3);

    assertThat(handOvers).hasSize(1300);
    int narrowDone = lastIndex(each -> each.isOf("narrow"));
    assertThat(handOvers.subList(0, narrowDone).stream().filter(each -> each.isOf("wide")))
        .hasSize(4);
    assertThat(waits("narrow")).as("p50 and longest").containsExactly(11_000L, 12_000L);
    assertThat(waits("wide")).as("p50 and longest").containsExactly(100_000L, 162_000L);
  }

  @Test
  void executionsTakeTurnsAcrossTheLabelsThatTheyAskFor() {
    for (int i = 0; i < 100; i++) {
      offer("wide", i, 5, Map.of());
    }
    nowMillis = 1;
    offer("narrow", 0, 5, Map.of("region", "eu"));

    var channel = new TestChannel(List.of("agent"), Map.of("region", "eu"));
    exchange.join(channel);
    exchange.grant(channel, 3).forEach(this::handedOver);
    assertThat(handOvers).anyMatch(each -> each.isOf("narrow"));
  }

  @Test
  void prioritiesCountAcrossTheLabelsThatTasksAskFor() {
    offer("low", 0, 5, Map.of());
    nowMillis = 1;
    offer("high", 0, 9, Map.of("region", "eu"));

    var channel = new TestChannel(List.of("agent"), Map.of("region", "eu"));
    exchange.join(channel);
    exchange.grant(channel, 1).forEach(this::handedOver);
    assertThat(handOvers).singleElement().matches(each -> each.isOf("high"));
  }

  @Test
  void anAgentWithOnePlaceServesAllThatItCanDo() {
    var channel = new TestChannel(List.of("first", "second"), Map.of());
    exchange.join(channel);
    for (int i = 0; i < 10; i++) {
      exchange.offer(task("a", "first", i, 5, Map.of()));
      exchange.offer(task("b", "second", i, 5, Map.of()));
    }
    for (int i = 0; i < 10; i++) {
      nowMillis++;
      exchange.grant(channel, 1).forEach(this::handedOver);
    }
    assertThat(handOvers.stream().filter(each -> each.isOf("a"))).hasSize(5);
  }

  /** Hands out everything, with {@link #PLACES} at once; narrow executions go on step by step. */
  private void runAll(boolean byPolls, int steps) {
    var running = new PriorityQueue<HandOver>(Comparator.comparingLong(HandOver::atMillis));
    var channel = new TestChannel(List.of("agent"), Map.of());
    if (!byPolls) {
      exchange.join(channel);
    }
    for (int i = 0; i < PLACES; i++) {
      running.addAll(handOut(byPolls, channel));
    }
    while (!running.isEmpty()) {
      HandOver ended = running.remove();
      nowMillis = ended.atMillis() + TASK_MILLIS;
      int step = Integer.parseInt(ended.task().task());
      if (ended.isOf("narrow") && step + 1 < steps) {
        offer(ended.task().execution().id(), step + 1, 5, Map.of());
      }
      running.addAll(handOut(byPolls, channel));
    }
  }

  private List<HandOver> handOut(boolean byPoll, TestChannel connected) {
    if (!byPoll) {
      return exchange.grant(connected, 1).stream().map(this::handedOver).toList();
    }
    var poll = new Poll(connected.profile, 1, exchange);
    List<Exchange.Match> matches = exchange.join(poll);
    poll.close();
    return matches.stream().map(this::handedOver).toList();
  }

  private HandOver handedOver(Exchange.Match match) {
    exchange.redeem(match.reservation().nonce());
    var handOver = new HandOver(match.task(), nowMillis);
    handOvers.add(handOver);
    return handOver;
  }

  private int lastIndex(Predicate<HandOver> which) {
    for (int i = handOvers.size() - 1; i >= 0; i--) {
      if (which.test(handOvers.get(i))) {
        return i;
      }
    }
    throw new AssertionError("none");
  }

  private List<Long> waits(String execution) {
    List<Long> waits =
        handOvers.stream()
            .filter(each -> each.isOf(execution))
            .map(HandOver::waitMillis)
            .sorted()
            .toList();
    return List.of(waits.get(waits.size() / 2), waits.getLast());
  }

  private void offer(String execution, int number, int priority, Map<String, String> requires) {
    exchange.offer(task(execution, "agent", number, priority, requires));
  }

  private ReadyTask task(
      String execution, String capability, int number, int priority, Map<String, String> requires) {
    return new ReadyTask(
        new ExecutionKey("default", execution),
        String.valueOf(number),
        new QueueKey("default", capability, requires),
        priority,
        nowMillis);
  }

  private static final class TestChannel extends AgentChannel {
    TestChannel(List<String> capabilities, Map<String, String> labels) {
      super(new AgentProfile("default", "worker", capabilities, labels));
    }

    @Override
    void reserved() {
      credit--;
    }

    @Override
    void released() {
      credit++;
    }

    @Override
    List<Assignment> deliver(List<Assignment> assignments) {
      return List.of();
    }
  }
}
