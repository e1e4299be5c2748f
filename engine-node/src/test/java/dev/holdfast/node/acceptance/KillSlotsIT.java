package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * kill -9 of members, one after the other, while executions take turns by their concurrency keys:
 * no more of one key run at once than may, and all of them end. {@code -Dholdfast.soak=N}: N times
 * as many kills; {@code -Dholdfast.seed=…}: the kills' moments of an earlier run.
 */
class KillSlotsIT {
  private static final int MEMBERS = 3;
  private static final int KILLS = 2 * Integer.getInteger("holdfast.soak", 1);
  private static final int LIMIT = 2;

  /** Several, so that most members give out some key's slots. */
  private static final List<String> KEYS = List.of("acme", "bolt", "corp", "dock");

  private static final int EACH_BETWEEN = 5;
  private static final int UPTIME_MILLIS_MAX = 800;
  private static final int TASK_MILLIS_MAX = 100;

  /** The first ones wait for another of their key, less long than their heartbeat lasts. */
  private static final int SECOND_WAIT_MILLIS_MAX = 2000;

  private static final String DEFINITION =
      """
      name: keyed
      concurrencyKey: { key: "${input.customer}", limit: 2 }
      tasks:
        first: { agent: worker, heartbeat: 3s, input: { key: "${input.customer}" } }
        last:  { agent: worker, heartbeat: 3s, needs: [first], input: { key: "${input.customer}" } }
      """;

  @TempDir Path folder;

  private final Ledger ledger = new Ledger();

  /** By key: executions whose agent has begun, and has not yet the last result. */
  private final Map<String, Set<String>> working = new ConcurrentHashMap<>();

  /** Done as soon as a key's slots were all used at once. */
  private final CountDownLatch full = new CountDownLatch(1);

  private final Queue<String> tooMany = new ConcurrentLinkedQueue<>();

  @Test
  void noMoreOfAKeyRunThanMayAndAllOfThemEnd() throws Exception {
    long seed = Long.getLong("holdfast.seed", ThreadLocalRandom.current().nextLong());
    try (var cluster = new KilledCluster(folder, MEMBERS)) {
      MemberCalls calls = cluster.calls();
      calls.until(201, http -> http.putYaml("/v1/definitions/keyed", DEFINITION));
      cluster.startAgents("worker", Work::new);
      killEachInTurn(cluster, calls, new Random(seed));
      cluster.awaitNoneRuns(seed);
      var wrong = new ArrayList<>(ledger.violations());
      wrong.addAll(tooMany);
      for (String id : ledger.starts()) {
        List<JsonNode> history = calls.history(id);
        wrong.addAll(ledger.check(id, history));
        long granted =
            history.stream().filter(e -> e.get("type").asString().equals("SlotGranted")).count();
        if (granted != 1) {
          wrong.add("%s was given %d slots".formatted(id, granted));
        }
      }
      assertThat(wrong).as("seed %d, %s", seed, cluster.describe()).isEmpty();
      assertThat(calls.count("keyed")).isEqualTo(KILLS * KEYS.size() * EACH_BETWEEN);
      assertThat(full.getCount()).as("all slots of a key were used at once").isZero();
    }
  }

  private void killEachInTurn(KilledCluster cluster, MemberCalls calls, Random random) {
    for (int kill = 0; kill < KILLS; kill++) {
      for (int i = 0; i < EACH_BETWEEN; i++) {
        for (String key : KEYS) {
          String id = "%s-%d-%d".formatted(key, kill, i);
          var start = Map.of("definition", "keyed", "id", id, "input", Map.of("customer", key));
          calls.until(201, http -> http.post("/v1/executions", start));
          ledger.started(id);
        }
      }
      LockSupport.parkNanos(random.nextInt(UPTIME_MILLIS_MAX) * 1_000_000L);
      long downNanos = random.nextInt(UPTIME_MILLIS_MAX) * 1_000_000L;
      cluster.kill(kill, () -> LockSupport.parkNanos(downNanos));
    }
  }

  /** An execution has its slot at least from its first task's start to its last task's result. */
  private final class Work implements HttpAgent.Work {
    @Override
    public Map<String, Object> handle(JsonNode task) throws InterruptedException {
      String execution = task.get("execution").asString();
      String name = task.get("task").asString();
      String key = task.at("/input/key").asString();
      ledger.handed(execution, name);
      Set<String> now = working.computeIfAbsent(key, unused -> ConcurrentHashMap.newKeySet());
      if (name.equals("first")) {
        now.add(execution);
        List<String> seen = List.copyOf(now);
        if (seen.size() > LIMIT) {
          tooMany.add("at once: " + seen);
        }
        if (seen.size() >= LIMIT) {
          full.countDown();
        }
        full.await(SECOND_WAIT_MILLIS_MAX, TimeUnit.MILLISECONDS);
      }
      LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(TASK_MILLIS_MAX) * 1_000_000L);
      if (name.equals("last")) {
        now.remove(execution);
      }
      return Map.of("of", name);
    }

    @Override
    public void acknowledged(JsonNode task, Map<String, Object> output) {
      ledger.completed(
          task.get("execution").asString(), task.get("task").asString(), output.get("of"));
    }
  }
}
