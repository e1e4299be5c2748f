package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * kill -9 of members, one after the other, while executions have executions of their own, lists and
 * signals: none of these is lost, and none is there twice. {@code -Dholdfast.soak=N}: N times as
 * many kills; {@code -Dholdfast.seed=…}: the kills' moments of an earlier run.
 */
class KillChildrenIT {
  private static final int MEMBERS = 3;
  private static final int KILLS = 2 * Integer.getInteger("holdfast.soak", 1);
  private static final int PARENTS_BETWEEN = 12;
  private static final int UPTIME_MILLIS_MAX = 800;
  private static final int TASK_MILLIS_MAX = 100;

  private static final Map<String, String> DEFINITIONS =
      Map.of(
          "child",
          """
          name: child
          tasks:
            one: { agent: worker }
            two: { agent: worker, needs: [one] }
          """,
          "middle",
          """
          name: middle
          tasks:
            inner: { workflow: child, retry: { maxAttempts: 1 } }
          """,
          "parent",
          """
          name: parent
          tasks:
            before: { agent: worker }
            left:   { workflow: child, needs: [before], retry: { maxAttempts: 1 } }
            right:  { workflow: middle, needs: [before], retry: { maxAttempts: 1 } }
            lines:  { agent: worker, needs: [before], forEach: "${[1, 2, 3]}" }
            paid:   { needs: [before], waitFor: { signal: paid } }
            after:  { agent: worker, needs: [left, right, lines, paid] }
          """);

  /** What each parent has below it. */
  private static final List<String> BELOW = List.of("/left", "/right", "/right/inner");

  /** Tasks that a parent and its list, and what is below it, have by agents. */
  private static final int TASKS = 2 + 3 + 2 + 2;

  @TempDir Path folder;

  /** By ids without slashes, which separate executions and tasks there. */
  private final Ledger ledger = new Ledger();

  private final List<String> parents = new ArrayList<>();

  @Test
  void noChildItemOrSignalIsLostAndNoneIsThereTwice() throws Exception {
    long seed = Long.getLong("holdfast.seed", ThreadLocalRandom.current().nextLong());
    try (var cluster = new KilledCluster(folder, MEMBERS)) {
      MemberCalls calls = cluster.calls();
      for (String name : List.of("child", "middle", "parent")) {
        calls.until(201, http -> http.putYaml("/v1/definitions/" + name, DEFINITIONS.get(name)));
      }
      cluster.startAgents("worker", Work::new);
      killEachInTurn(cluster, calls, new Random(seed));
      cluster.awaitNoneRuns(seed);
      var wrong = new ArrayList<>(ledger.violations());
      for (String parent : parents) {
        check(parent, calls, wrong);
      }
      assertThat(wrong).as("seed %d, %s", seed, cluster.describe()).isEmpty();
      assertThat(parents).hasSize(KILLS * PARENTS_BETWEEN);
      assertThat(ledger.results()).isGreaterThan(parents.size() * TASKS / 2);
      assertThat(calls.count("child")).isEqualTo(2 * parents.size());
      assertThat(calls.count("middle")).isEqualTo(parents.size());
    }
  }

  private void killEachInTurn(KilledCluster cluster, MemberCalls calls, Random random) {
    for (int kill = 0; kill < KILLS; kill++) {
      for (int i = 0; i < PARENTS_BETWEEN; i++) {
        String id = "p" + kill + "-" + i;
        var start = Map.of("definition", "parent", "id", id, "input", Map.of());
        calls.until(201, http -> http.post("/v1/executions", start));
        parents.add(id);
        // Half of them hear of it before they wait for it, the others in the middle of the kills.
        if (i % 2 == 0) {
          pay(calls, id);
        }
      }
      LockSupport.parkNanos(random.nextInt(UPTIME_MILLIS_MAX) * 1_000_000L);
      String round = "p" + kill;
      cluster.kill(
          kill,
          () -> {
            for (int i = 1; i < PARENTS_BETWEEN; i += 2) {
              pay(calls, round + "-" + i);
            }
          });
    }
  }

  /** Twice, which is to count once. */
  private static void pay(MemberCalls calls, String id) {
    for (int i = 0; i < 2; i++) {
      calls.until(
          200,
          http ->
              http.post("/v1/executions/" + id + "/signals/paid?id=pay-" + id, Map.of("by", id)));
    }
  }

  private void check(String parent, MemberCalls calls, List<String> wrong) {
    List<JsonNode> history = calls.history(parent);
    wrong.addAll(ledger.check(parent, history));
    count(parent, history, "ChildStarted", 2, wrong);
    count(parent, history, "SignalReceived", 1, wrong);
    count(parent, history, "SignalTaken", 1, wrong);
    for (String below : BELOW) {
      wrong.addAll(ledger.check(plain(parent + below), calls.history(parent + below)));
    }
  }

  private static void count(
      String parent, List<JsonNode> history, String type, int expected, List<String> wrong) {
    long found = history.stream().filter(e -> e.get("type").asString().equals(type)).count();
    if (found != expected) {
      wrong.add("%s has %d times %s".formatted(parent, found, type));
    }
  }

  private static String plain(String execution) {
    return execution.replace('/', '!');
  }

  private final class Work implements HttpAgent.Work {
    @Override
    public Map<String, Object> handle(JsonNode task) {
      ledger.handed(plain(task.get("execution").asString()), task.get("task").asString());
      LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(TASK_MILLIS_MAX) * 1_000_000L);
      return Map.of("of", task.get("task").asString());
    }

    @Override
    public void acknowledged(JsonNode task, Map<String, Object> output) {
      ledger.completed(
          plain(task.get("execution").asString()), task.get("task").asString(), output.get("of"));
    }
  }
}
