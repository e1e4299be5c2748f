package dev.holdfast.grid.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ConflictException;
import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.ExecutionView;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.StartOptions;
import dev.holdfast.api.TaskFailedException;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents, members and connections that die, and what becomes of the work. */
@Timeout(120)
class AgentFailuresTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void tasksOfAKilledAgentGoToAnotherWithinTwoSeconds() throws Exception {
    try (var member = new ClientMember();
        HoldfastClient client = member.connect()) {
      single(client, "killed");
      Process doomed = AgentProcess.start(member, "killed");
      try {
        List<ExecutionHandle> executions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          executions.add(client.start("killed"));
        }
        BufferedReader lines = doomed.inputReader();
        for (int running = 0; running < 4; ) {
          String line = lines.readLine();
          assertThat(line).isNotNull();
          running += line.startsWith("running") ? 1 : 0;
        }
        try (var _ = client.agent("killed", task -> task.attempt()).concurrency(4).start()) {
          doomed.destroyForcibly();
          long killed = System.nanoTime();
          for (ExecutionHandle execution : executions) {
            assertThat(execution.awaitResult(SOON).output()).isEqualTo(Map.of("only", 2L));
          }
          assertThat(Duration.ofNanos(System.nanoTime() - killed))
              .isLessThan(Duration.ofSeconds(2));
        }
      } finally {
        doomed.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void aRunningHandlerOutlivesItsMembersRestart() throws Exception {
    Supplier<StateStore> store =
        () -> new SqliteStateStore(folder.resolve("test.db"), InstantSource.system());
    try (var member = new ClientMember(store.get());
        HoldfastClient client = member.connect()) {
      single(client, "outlives");
      var running = new CountDownLatch(3);
      var goOn = new CountDownLatch(1);
      var calls = new AtomicInteger();
      try (var _ =
          client
              .agent(
                  "outlives",
                  task -> {
                    calls.incrementAndGet();
                    running.countDown();
                    goOn.await();
                    return task.attempt();
                  })
              .concurrency(3)
              .start()) {
        List<CompletableFuture<ExecutionResult>> results = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          results.add(client.start("outlives").awaitResultAsync().toCompletableFuture());
        }
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        member.restart(store);
        // Unclaimed attempts would be lost after two seconds; these are still this agent's own.
        await()
            .during(Duration.ofSeconds(3))
            .atMost(Duration.ofSeconds(10))
            .until(() -> calls.get() == 3);
        goOn.countDown();
        for (var result : results) {
          assertThat(result.get(30, TimeUnit.SECONDS).output()).isEqualTo(Map.of("only", 1L));
        }
        assertThat(calls).hasValue(6);
      }
    }
  }

  @Test
  void commandsOfARestartingMembersClientAreRetriedInside() {
    Supplier<StateStore> store =
        () -> new SqliteStateStore(folder.resolve("test.db"), InstantSource.system());
    try (var member = new ClientMember(store.get());
        HoldfastClient client = member.connect()) {
      single(client, "retried");
      List<CompletableFuture<ExecutionResult>> results = new ArrayList<>();
      try (var _ = client.agent("retried", task -> task.input()).concurrency(8).start()) {
        Thread restart = Thread.ofPlatform().start(() -> member.restart(store));
        while (restart.isAlive() || results.size() < 200) {
          int n = results.size();
          results.add(
              client
                  .startAsync("retried", n, StartOptions.DEFAULTS.id("retried-" + n))
                  .thenCompose(ExecutionHandle::awaitResultAsync)
                  .toCompletableFuture());
          if (n % 50 == 0) {
            results.getLast().orTimeout(30, TimeUnit.SECONDS).join();
          }
        }
        for (int i = 0; i < results.size(); i++) {
          assertThat(results.get(i).orTimeout(30, TimeUnit.SECONDS).join().output())
              .isEqualTo(Map.of("only", (long) i));
        }
      }
    }
  }

  /**
   * Whatever becomes of tasks (done, failed, refused, taken back), the agent can hold as many as
   * before, and not one more.
   */
  @Test
  void creditIsNeitherLostNorMadeUp() throws Exception {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    Random random = new Random(seed);
    int concurrency = 5;
    try (var member = new ClientMember();
        HoldfastClient client = member.connect()) {
      client.register(
          """
          name: credits
          tasks:
            only: { agent: credits, retry: { maxAttempts: 2, initial: 1ms } }
          """);
      var blocked = new AtomicInteger();
      var release = new CountDownLatch(1);
      try (var _ =
          client
              .agent(
                  "credits",
                  task -> {
                    String wish = String.valueOf(task.input());
                    if (wish.equals("block")) {
                      blocked.incrementAndGet();
                      release.await();
                    } else if (wish.equals("fail")) {
                      throw new TaskFailedException("wished", "as asked");
                    } else if (wish.equals("wait")) {
                      new CountDownLatch(1).await(3, TimeUnit.MILLISECONDS);
                    }
                    return null;
                  })
              .concurrency(concurrency)
              .start()) {
        List<ExecutionHandle> executions = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
          String wish = List.of("done", "fail", "wait").get(random.nextInt(3));
          ExecutionHandle execution = client.start("credits", wish);
          executions.add(execution);
          disturb(executions.get(random.nextInt(executions.size())), random.nextInt(8));
        }
        for (ExecutionHandle execution : executions) {
          disturb(execution, 2);
          execution.awaitResult(SOON);
        }
        List<ExecutionHandle> blocking = new ArrayList<>();
        for (int i = 0; i < concurrency + 3; i++) {
          blocking.add(client.start("credits", "block"));
        }
        await().atMost(SOON).until(() -> blocked.get() == concurrency);
        await()
            .during(Duration.ofSeconds(3))
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(() -> {
              assertThat(blocked).as("seed %d", seed).hasValue(concurrency);
              assertThat(blocking.stream().map(AgentFailuresTest::status).toList())
                  .as("seed %d", seed)
                  .filteredOn(status -> status == TaskStatus.READY)
                  .hasSize(3);
            });
        release.countDown();
        for (ExecutionHandle execution : blocking) {
          assertThat(execution.awaitResult(SOON).isCompleted()).isTrue();
        }
      }
    }
  }

  @Test
  void anAgentThatIsClosedFinishesWhatItRunsAndTakesNothingMore() throws Exception {
    try (var member = new ClientMember();
        HoldfastClient client = member.connect()) {
      single(client, "drained");
      var running = new CountDownLatch(1);
      var goOn = new CountDownLatch(1);
      var leaving =
          client
              .agent(
                  "drained",
                  task -> {
                    running.countDown();
                    goOn.await();
                    return "leaving";
                  })
              .concurrency(8)
              .start();
      ExecutionHandle first = client.start("drained");
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
      Thread closing = Thread.ofVirtual().start(leaving::close);
      // Seven of its credits are unused, and void from now on.
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            ExecutionHandle probe = client.start("drained");
            assertThat(status(probe)).isEqualTo(TaskStatus.READY);
          });
      try (var _ = client.agent("drained", task -> "staying").concurrency(8).start()) {
        assertThat(client.start("drained").awaitResult(SOON).output())
            .isEqualTo(Map.of("only", "staying"));
        assertThat(closing.isAlive()).isTrue();
        goOn.countDown();
        assertThat(first.awaitResult(SOON).output()).isEqualTo(Map.of("only", "leaving"));
        closing.join();
      }
    }
  }

  @Test
  void aResultAfterRevocationIsRefused() throws Exception {
    try (var member = new ClientMember();
        HoldfastClient client = member.connect()) {
      single(client, "late");
      var running = new CountDownLatch(1);
      var goOn = new CountDownLatch(1);
      try (var _ =
          client
              .agent(
                  "late",
                  task -> {
                    running.countDown();
                    while (goOn.getCount() > 0) {
                      try {
                        goOn.await();
                      } catch (InterruptedException e) {
                        // This handler does not listen.
                        Thread.interrupted();
                      }
                    }
                    return "too late";
                  })
              .start()) {
        ExecutionHandle execution = client.start("late");
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        execution.cancel(null);
        goOn.countDown();
        assertThat(execution.awaitResult(SOON).isCompleted()).isFalse();
        assertThat(client.start("late").awaitResult(SOON).output())
            .isEqualTo(Map.of("only", "too late"));
        assertThatExceptionOfType(ConflictException.class).isThrownBy(execution::resume);
      }
    }
  }

  private static TaskStatus status(ExecutionHandle execution) {
    ExecutionView.Task task = execution.view().tasks().getFirst();
    return task.status();
  }

  private static void disturb(ExecutionHandle execution, int how) {
    try {
      switch (how) {
        case 0 -> execution.pause(PauseMode.IMMEDIATE, "disturbed");
        case 1 -> execution.cancel("disturbed");
        case 2 -> execution.resume("disturbed", true);
        default -> {
          // Left in peace.
        }
      }
    } catch (ConflictException e) {
      // It had ended, or was not paused: nothing to disturb.
      assertThat(e.code()).isEqualTo("wrong-state");
    }
  }

  private static void single(HoldfastClient client, String name) {
    client.register("name: %s\ntasks:\n  only: { agent: %s }\n".formatted(name, name));
  }
}
