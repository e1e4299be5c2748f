package dev.holdfast.grid.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.StartOptions;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.grid.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thin client in a cluster: places that go where tasks wait. */
@Timeout(180)
class ClusterClientTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MEMBERS = 3;

  @Test
  void anAgentWithOnePlaceServesAllMembers() {
    try (var cluster = new TestCluster(MEMBERS);
        HoldfastClient client = connect(cluster)) {
      single(client, "one");
      var running = new AtomicInteger();
      var most = new AtomicInteger();
      try (var _ =
          client
              .agent(
                  "one",
                  task -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    return task.execution();
                  })
              .start()) {
        List<CompletableFuture<ExecutionResult>> ends = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
          String id = cluster.idOwnedBy(i % MEMBERS);
          ends.add(
              client
                  .start("one", null, StartOptions.DEFAULTS.id(id))
                  .awaitResultAsync()
                  .toCompletableFuture());
        }
        for (var end : ends) {
          ExecutionResult result = end.orTimeout(60, TimeUnit.SECONDS).join();
          assertThat(result.output()).isEqualTo(Map.of("only", result.id()));
        }
        assertThat(most).as("tasks at once").hasValue(1);
      }
    }
  }

  @Test
  void anIdleAgentWithOnePlaceIsThereWithinAMomentWhicheverMemberHasATask() {
    try (var cluster = new TestCluster(MEMBERS);
        HoldfastClient client = connect(cluster)) {
      single(client, "idle");
      try (var _ = client.agent("idle", task -> null).start()) {
        client.start("idle").awaitResult(SOON);
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
          String id = cluster.idOwnedBy(i % MEMBERS);
          long begun = System.nanoTime();
          client.start("idle", null, StartOptions.DEFAULTS.id(id)).awaitResult(SOON);
          millis.add((System.nanoTime() - begun) / 1_000_000);
        }
        assertThat(millis.stream().sorted().toList().get(millis.size() / 2))
            .as("milliseconds each took: %s", millis)
            .isLessThan(500);
      }
    }
  }

  @Test
  void allPlacesGoToTheOneMemberThatHasTasks() throws Exception {
    try (var cluster = new TestCluster(MEMBERS);
        HoldfastClient client = connect(cluster)) {
      single(client, "skewed");
      var running = new AtomicInteger();
      var goOn = new CountDownLatch(1);
      try (var _ =
          client
              .agent(
                  "skewed",
                  task -> {
                    running.incrementAndGet();
                    goOn.await();
                    return null;
                  })
              .concurrency(9)
              .start()) {
        List<ExecutionHandle> executions = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          executions.add(
              client.start("skewed", null, StartOptions.DEFAULTS.id(cluster.idOwnedBy(1))));
        }
        await().atMost(SOON).until(() -> running.get() == 9);
        await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> running.get() == 9);
        goOn.countDown();
        for (ExecutionHandle execution : executions) {
          assertThat(execution.awaitResult(SOON).isCompleted()).isTrue();
        }
      }
    }
  }

  @Test
  void aRunningTaskOutlivesItsMemberAndReportsToTheNewOwner() throws Exception {
    try (var cluster = new TestCluster(MEMBERS);
        HoldfastClient client = connect(cluster)) {
      single(client, "outlives");
      var calls = new AtomicInteger();
      var goOn = new CountDownLatch(1);
      try (var _ =
          client
              .agent(
                  "outlives",
                  task -> {
                    calls.incrementAndGet();
                    goOn.await();
                    return task.attempt();
                  })
              .concurrency(9)
              .start()) {
        List<CompletableFuture<ExecutionResult>> ends = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
          String id = cluster.idOwnedBy(i % MEMBERS);
          ends.add(
              client
                  .start("outlives", null, StartOptions.DEFAULTS.id(id))
                  .awaitResultAsync()
                  .toCompletableFuture());
        }
        await().atMost(SOON).until(() -> calls.get() == 9);
        cluster.kill(2);
        cluster.awaitOpen(MEMBERS - 1);
        // Unclaimed attempts would be lost after two seconds; these are still this agent's own.
        await().during(Duration.ofSeconds(4)).atMost(SOON).until(() -> calls.get() == 9);
        goOn.countDown();
        for (var end : ends) {
          assertThat(end.orTimeout(60, TimeUnit.SECONDS).join().output())
              .isEqualTo(Map.of("only", 1L));
        }
      }
    }
  }

  private static HoldfastClient connect(TestCluster cluster) {
    return HoldfastClient.builder()
        .addresses(cluster.address(0), cluster.address(1), cluster.address(2))
        .clusterName(cluster.name())
        .commandTimeout(Duration.ofSeconds(30))
        .connect();
  }

  private static void single(HoldfastClient client, String name) {
    client.register("name: %s\ntasks:\n  only: { agent: %s }\n".formatted(name, name));
  }
}
