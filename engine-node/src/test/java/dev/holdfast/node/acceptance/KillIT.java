package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.client.HoldfastClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * kill -9 at random moments while 200 executions run: nothing that was acknowledged is lost,
 * nothing that was completed runs again. {@code -Dholdfast.soak=N}: N times as many kills; {@code
 * -Dholdfast.seed=…}: the kills' moments of an earlier run.
 */
class KillIT {
  private static final int KILLS = 20 * Integer.getInteger("holdfast.soak", 1);
  private static final int RUNNING = 200;
  private static final int UPTIME_MILLIS_MAX = 1500;
  private static final int TASK_MILLIS_MAX = 600;

  private static final String DEFINITION =
      """
      name: kill
      tasks:
        first:  { agent: by-http }
        left:   { agent: by-client, needs: [first] }
        right:  { agent: by-http, needs: [first] }
        choice: { needs: [left, right], switch: [{ when: "${input.n % 2 == 0}", then: [even] }, { otherwise: true, then: [odd] }] }
        even:   { agent: by-client, needs: [choice] }
        odd:    { agent: by-http, needs: [choice] }
        join:   { agent: by-http, needs: [even, odd] }
        last:   { agent: by-client, needs: [join] }
      """;

  @TempDir Path folder;
  private final Ledger ledger = new Ledger();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Semaphore slots = new Semaphore(RUNNING);
  private volatile boolean killing = true;

  @Test
  void nothingAcknowledgedIsLostAndNothingCompletedRunsAgain() throws Exception {
    long seed = Long.getLong("holdfast.seed", ThreadLocalRandom.current().nextLong());
    try (var node = new TestNode(folder).start()) {
      HttpApi http = node.http();
      assertThat(http.putYaml("/v1/definitions/kill", DEFINITION).status()).isEqualTo(201);
      try (var _ = new HttpAgent(http, "by-http", new Work());
          var client = connect(node);
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        client
            .agent(
                "by-client",
                task -> {
                  ledger.handed(task.execution(), task.id());
                  LockSupport.parkNanos(
                      ThreadLocalRandom.current().nextInt(TASK_MILLIS_MAX) * 1_000_000L);
                  return Map.of("of", task.id());
                })
            .concurrency(RUNNING)
            .start();
        var starter = threads.submit(() -> keepRunning(http, threads::submit));
        int restarts = killAndRestart(node, new Random(seed));
        assertThat(restarts).isGreaterThanOrEqualTo(KILLS);
        killing = false;
        starter.get();
        await("every acknowledged start ends (seed " + seed + ")")
            .atMost(Duration.ofSeconds(90))
            .pollInterval(Duration.ofMillis(200))
            .untilAsserted(() -> assertThat(notEnded()).isEmpty());
      }
      assertThat(ledger.starts()).hasSizeGreaterThanOrEqualTo(RUNNING);
      assertThat(ledger.results()).isGreaterThan(RUNNING);
      var wrong = new ArrayList<>(ledger.violations());
      for (String execution : ledger.starts()) {
        wrong.addAll(ledger.check(execution, http.history(execution)));
      }
      assertThat(wrong).as("seed %d, log %s", seed, node.log).isEmpty();
    }
  }

  private static HoldfastClient connect(TestNode node) {
    return HoldfastClient.builder()
        .addresses(node.memberAddress())
        .clusterName(node.clusterName)
        .commandTimeout(Duration.ofMinutes(2))
        .connect();
  }

  private int killAndRestart(TestNode node, Random random) {
    int restarts = 0;
    while (restarts < KILLS) {
      LockSupport.parkNanos(random.nextInt(UPTIME_MILLIS_MAX) * 1_000_000L);
      node.kill();
      node.start();
      restarts++;
    }
    return restarts;
  }

  /** Starts executions so that as many as wanted are running, until the killing is over. */
  private void keepRunning(HttpApi http, java.util.function.Consumer<Runnable> threads) {
    var number = new AtomicInteger();
    while (killing) {
      slots.acquireUninterruptibly();
      int n = number.incrementAndGet();
      threads.accept(() -> {
        startAndAwait(http, "e" + n, n);
        slots.release();
      });
    }
  }

  private void startAndAwait(HttpApi http, String id, int n) {
    while (!ended.contains(id)) {
      try {
        if (!ledger.starts().contains(id)) {
          int status =
              http.post(
                      "/v1/executions",
                      Map.of("definition", "kill", "id", id, "input", Map.of("n", n)))
                  .status();
          if (status == 200 || status == 201) {
            ledger.started(id);
          }
        }
        var answer = http.get("/v1/executions/" + id + "?wait=10s");
        if (answer.status() == 200 && isEnded(answer.json())) {
          ended.add(id);
        }
      } catch (IOException e) {
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  private static boolean isEnded(JsonNode view) {
    return !view.path("endedAt").isMissingNode();
  }

  private List<String> notEnded() {
    var missing = new HashSet<>(ledger.starts());
    missing.removeAll(ended);
    return List.copyOf(missing);
  }

  private final class Work implements HttpAgent.Work {
    @Override
    public Map<String, Object> handle(JsonNode task) throws InterruptedException {
      ledger.handed(task.get("execution").asString(), task.get("task").asString());
      Thread.sleep(ThreadLocalRandom.current().nextInt(TASK_MILLIS_MAX));
      return Map.of("of", task.get("task").asString());
    }

    @Override
    public void acknowledged(JsonNode task, Map<String, Object> output) {
      ledger.completed(
          task.get("execution").asString(), task.get("task").asString(), output.get("of"));
    }
  }
}
