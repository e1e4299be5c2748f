package dev.holdfast.grid.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskToken;
import dev.holdfast.core.Command;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.DispatchSettings;
import dev.holdfast.grid.Dispatcher.AgentSink;
import dev.holdfast.grid.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** In virtual time. */
class RateLimitsTest {
  private static final UUID HERE = new UUID(0, 1);
  private static final UUID THERE = new UUID(0, 2);

  private long nowNanos;

  @Test
  void aRateIsReadAndWritten() {
    assertThat(RateLimit.parse("10/s")).isEqualTo(new RateLimit(10, Duration.ofSeconds(1)));
    assertThat(RateLimit.parse("600/m").nanosEach()).isEqualTo(1e8);
    assertThat(RateLimit.parse("5000/h")).hasToString("5000/h");
    for (String wrong : new String[] {"", "10", "0/s", "-1/s", "10/d", "1.5/s", "99999999/s"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.parse(wrong));
    }
  }

  @Test
  void tokensComeEvenlyAndAPauseIsNotMadeUpFor() {
    var bucket = new TokenBucket(RateLimit.parse("10/s"), nowNanos);
    assertThat(bucket.take(HERE, 100, nowNanos)).as("it begins empty").isZero();
    int taken = 0;
    for (int i = 0; i < 1000; i++) {
      pass(10);
      int now = bucket.take(HERE, 100, nowNanos);
      assertThat(now).isLessThanOrEqualTo(1);
      taken += now;
    }
    assertThat(taken).as("in ten seconds").isBetween(99, 100);
    pass(60_000);
    assertThat(bucket.take(HERE, 100, nowNanos)).as("after a minute without").isEqualTo(1);
  }

  @Test
  void membersTakeTurns() {
    var bucket = new TokenBucket(RateLimit.parse("10/s"), nowNanos);
    int here = 0;
    int there = 0;
    for (int i = 0; i < 1000; i++) {
      pass(20);
      // One always asks first.
      here += bucket.take(HERE, 100, nowNanos);
      there += bucket.take(THERE, 100, nowNanos);
    }
    assertThat(here).isBetween(95, 105);
    assertThat(there).isBetween(95, 105);
    for (int i = 0; i < 1000; i++) {
      pass(20);
      here += bucket.take(HERE, 100, nowNanos);
    }
    assertThat(here).as("the other one does not ask any more").isGreaterThan(290);
  }

  @Test
  void tenantsGetTurnsByTheirWeights() {
    var turns = new TenantTurns(Map.of("gold", 3));
    var served = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      String next = turns.next(List.of("gold", "iron"), tenant -> true);
      turns.served(String.valueOf(next));
      served.append(String.valueOf(next).charAt(0));
    }
    assertThat(served).hasToString("gggigggi");
  }

  @Test
  void aTenantThatHadNothingToDoHasSavedUpNothing() {
    var turns = new TenantTurns(Map.of());
    for (int i = 0; i < 100; i++) {
      turns.served(String.valueOf(turns.next(List.of("a"), tenant -> true)));
    }
    var served = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      String next = turns.next(List.of("a", "b"), tenant -> true);
      turns.served(String.valueOf(next));
      served.append(next);
    }
    assertThat(served.toString()).hasSize(6).doesNotContain("bb").doesNotContain("aa");
    assertThat(turns.next(List.of("a", "b"), tenant -> false)).isNull();
  }

  @Test
  void aLimitedCapabilityIsHandedOutAtItsRateToTenantsByTheirWeights() {
    var handedOut = new HashMap<String, Integer>();
    AgentDispatcher dispatcher = limited(handedOut, Map.of("gold", 3));
    for (String tenant : new String[] {"gold", "iron"}) {
      dispatcher.open(profile(tenant, "agent"), new Sink()).grant(1000);
      dispatcher.open(profile(tenant, "free"), new Sink()).grant(1000);
      offer(dispatcher, tenant, "agent");
    }
    assertThat(handedOut).as("before there are tokens").isEmpty();
    for (int i = 0; i < 500; i++) {
      pass(8);
      dispatcher.refill();
    }
    int all = handedOut.values().stream().mapToInt(count -> count).sum();
    assertThat(all).as("in four seconds").isBetween(39, 40);
    assertThat(handedOut.get("gold")).isBetween(29, 30);
    assertThat(dispatcher.waitingTasks().rateLimited()).containsExactly(entry("agent", 200 - all));

    offer(dispatcher, "iron", "free");
    assertThat(handedOut.get("iron")).as("others are not limited").isGreaterThan(100);
  }

  @Test
  void tokensAreNotSavedUpWhileNobodyTakesTasks() {
    var handedOut = new HashMap<String, Integer>();
    AgentDispatcher dispatcher = limited(handedOut, Map.of());
    offer(dispatcher, "gold", "agent");
    for (int i = 0; i < 1000; i++) {
      pass(8);
      dispatcher.refill();
    }
    assertThat(dispatcher.waitingTasks().rateLimited())
        .as("they wait for an agent")
        .containsEntry("agent", 0);
    dispatcher.open(profile("gold", "agent"), new Sink()).grant(1000);
    assertThat(handedOut).as("after eight seconds without an agent").containsOnly(entry("gold", 1));
    assertThat(dispatcher.waitingTasks().rateLimited())
        .as("but for one")
        .containsEntry("agent", 99);
    for (int i = 0; i < 125; i++) {
      pass(8);
      dispatcher.refill();
    }
    assertThat(handedOut.get("gold")).as("a second later").isBetween(10, 12);
  }

  /** Whose tokens come from a bucket of ten a second. */
  private AgentDispatcher limited(Map<String, Integer> handedOut, Map<String, Integer> weights) {
    RateLimit limit = RateLimit.parse("10/s");
    var bucket = new TokenBucket(limit, nowNanos);
    var dispatcher =
        new AgentDispatcher(
            (execution, command) -> {
              if (command instanceof Command.StartTask) {
                handedOut.merge(execution.tenant(), 1, Integer::sum);
              }
              return new CompletableFuture<>();
            },
            new SplittableRandom(7),
            () -> nowNanos,
            () -> Instant.ofEpochSecond(0, nowNanos),
            new DispatchSettings(Map.of("agent", limit), weights, 0));
    dispatcher.onTokens(
        (capability, most) -> CompletableFuture.completedFuture(bucket.take(HERE, most, nowNanos)));
    return dispatcher;
  }

  private void offer(AgentDispatcher dispatcher, String tenant, String capability) {
    for (int i = 0; i < 100; i++) {
      dispatcher.offer(
          new ReadyTask(
              new ExecutionKey(tenant, "e" + i),
              capability,
              new QueueKey(tenant, capability, Map.of()),
              5,
              0));
    }
  }

  private void pass(long millis) {
    nowNanos += millis * 1_000_000;
  }

  private static AgentProfile profile(String tenant, String capability) {
    return new AgentProfile(tenant, "w", List.of(capability), Map.of());
  }

  private static final class Sink implements AgentSink {
    @Override
    public void assigned(List<Assignment> assignments) {}

    @Override
    public void revoked(List<TaskToken> tokens) {}

    @Override
    public void wanted(int tasks) {}

    @Override
    public void rollCall() {}
  }
}
