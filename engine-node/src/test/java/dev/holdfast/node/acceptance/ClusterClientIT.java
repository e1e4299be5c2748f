package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.StartOptions;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.node.bench.cluster.BenchCluster;
import dev.holdfast.node.bench.cluster.BenchCluster.Layout;
import dev.holdfast.node.bench.cluster.BenchMember;
import dev.holdfast.node.bench.cluster.Owners;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One client with an agent and a driver, which outlive every member of a real cluster of three. */
@Timeout(420)
class ClusterClientIT {
  private static final int MEMBERS = 3;
  private static final int UNDER_WAY = 40;
  private static final Duration SOON = Duration.ofSeconds(90);

  /** Long enough that the load leaves a member some of the machine to come back with. */
  private static final Duration HANDLING = Duration.ofMillis(200);

  private static final String CHAIN =
      """
      name: chain
      tasks:
        one:   { agent: step, input: { n: "${input.n}", of: one } }
        two:   { agent: step, needs: [one], input: { n: "${input.n}", of: two } }
        three: { agent: step, needs: [two], input: { n: "${input.n}", of: three } }
      output: "${[tasks.one.output, tasks.two.output, tasks.three.output]}"
      """;

  @TempDir Path folder;

  @Test
  void anAgentWithOnePlaceServesTheExecutionsOfAllMembers() {
    try (var cluster = start();
        var owners = new Owners(cluster);
        var client = connect(cluster)) {
      client.register(CHAIN);
      var running = new AtomicInteger();
      var most = new AtomicInteger();
      try (var _ =
          client
              .agent(
                  "step",
                  task -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    return task.id();
                  })
              .start()) {
        Set<String> served = new HashSet<>();
        List<ExecutionHandle> executions = new ArrayList<>();
        for (int n = 0; served.size() < MEMBERS || n < 20; n++) {
          ExecutionHandle execution = client.start("chain", Map.of("n", n));
          served.add(String.valueOf(owners.of(execution.id())));
          executions.add(execution);
        }
        for (ExecutionHandle execution : executions) {
          assertThat(execution.awaitResult(SOON).output())
              .isEqualTo(List.of("one", "two", "three"));
        }
        assertThat(most).as("tasks at once").hasValue(1);
      }
    }
  }

  @Test
  void anAgentAndADriverOutliveEachMembersDeathAndReturn() throws Exception {
    try (var cluster = start();
        var client = connect(cluster)) {
      client.register(CHAIN);
      try (var _ =
              client
                  .agent(
                      "step",
                      task -> {
                        Map<String, ?> input = task.inputObject();
                        await().pollDelay(HANDLING).until(() -> true);
                        return input.get("of") + " of " + input.get("n");
                      })
                  .concurrency(UNDER_WAY)
                  .start();
          var driver = new Driver(client)) {
        for (BenchMember member : cluster.members()) {
          driver.awaitFurther(UNDER_WAY);
          member.kill();
          driver.awaitFurther(2 * UNDER_WAY);
          member.start();
          cluster.awaitReady(MEMBERS);
        }
        driver.awaitFurther(2 * UNDER_WAY);
        driver.finish();
        assertThat(driver.started).hasSizeGreaterThan(MEMBERS * 3 * UNDER_WAY);
        for (int n = 0; n < driver.started.size(); n++) {
          ExecutionResult result = driver.started.get(n).get(90, TimeUnit.SECONDS);
          assertThat(result.output())
              .isEqualTo(List.of("one of " + n, "two of " + n, "three of " + n));
        }
      }
    }
  }

  /** Keeps so many executions under way; their input is their number. */
  private static final class Driver implements AutoCloseable {
    final List<CompletableFuture<ExecutionResult>> started = new ArrayList<>();
    private final Semaphore slots = new Semaphore(UNDER_WAY);
    private final AtomicInteger ended = new AtomicInteger();
    private final HoldfastClient client;
    private final Thread thread;
    private volatile boolean open = true;

    Driver(HoldfastClient client) {
      this.client = client;
      this.thread = Thread.ofPlatform().start(this::run);
    }

    private void run() {
      for (int n = 0; open; n++) {
        slots.acquireUninterruptibly();
        CompletableFuture<ExecutionResult> end =
            client
                .startAsync("chain", Map.of("n", n), StartOptions.DEFAULTS.id("chain-" + n))
                .thenCompose(ExecutionHandle::awaitResultAsync)
                .toCompletableFuture();
        end.whenComplete((result, failure) -> {
          ended.incrementAndGet();
          slots.release();
        });
        started.add(end);
      }
    }

    /** Waits until so many more have ended than now. */
    void awaitFurther(int count) {
      int goal = ended.get() + count;
      await().atMost(SOON).until(() -> ended.get() >= goal);
    }

    /** Starts no more; after that {@link #started} may be read. */
    void finish() throws InterruptedException {
      open = false;
      thread.join();
    }

    @Override
    public void close() {
      open = false;
    }
  }

  private BenchCluster start() {
    var cluster = new BenchCluster(TestNode.HOME, folder, Layout.of(MEMBERS, "sqlite", null));
    try {
      cluster.start();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static HoldfastClient connect(BenchCluster cluster) {
    return cluster.client().commandTimeout(Duration.ofMinutes(1)).connect();
  }
}
