package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.client.HoldfastClient;
import dev.holdfast.node.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An agent's process is stopped (SIGSTOP) or killed while it holds a task. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StalledAgentIT {
  private static final Duration WAIT_MAX = Duration.ofSeconds(40);

  /**
   * The promise is 2 s, of a machine that has the time; this is less than any heartbeat's time-out,
   * so that the lost connection must have told it.
   */
  private static final Duration TAKEN_OVER_MAX = Duration.ofSeconds(4);

  @TempDir Path folder;

  @Test
  void aStoppedAgentLosesItsLeaseAndItsLateResultIsRefused() throws Exception {
    try (var node = new TestNode(folder).start();
        var stopped = shellAgent(node, "echo begun >> begun; sleep 3; echo '\"late\"'")) {
      register(node, "tasks: { slow: { agent: slow, heartbeat: 1s, retry: { maxAttempts: 1 } } }");
      await().atMost(WAIT_MAX).until(() -> Files.exists(folder.resolve("begun")));
      signal("-STOP", stopped.pid());
      try (var client = connect(node)) {
        client.agent("slow", task -> "in time").start();
        var output = client.execution("e").awaitResult(WAIT_MAX).output();
        assertThat(output).asString().contains("in time");
      }
      signal("-CONT", stopped.pid());
      assertThat(lastWord(stopped)).containsAnyOf("cancelled", "refused");
      assertThat(types(node))
          .containsSubsequence("TaskStarted", "AttemptFailed", "TaskStarted", "TaskCompleted")
          .containsOnlyOnce("TaskCompleted");
    }
  }

  @Test
  void aKilledAgentsTaskIsGivenToAnotherAtOnce() throws Exception {
    try (var node = new TestNode(folder).start();
        var killed = stuckAgent(node)) {
      register(node, "tasks: { stuck: { agent: bench } }");
      await().atMost(WAIT_MAX).untilAsserted(() -> assertThat(types(node)).contains("TaskStarted"));
      try (var client = connect(node)) {
        client.agent("bench", task -> "by the other").start();
        long killedNanos = System.nanoTime();
        killed.kill();
        client.execution("e").awaitResult(WAIT_MAX).output();
        assertThat(Duration.ofNanos(System.nanoTime() - killedNanos)).isLessThan(TAKEN_OVER_MAX);
      }
    }
  }

  private ChildProcess shellAgent(TestNode node, String command) {
    return TestNode.launch(
        folder.resolve("agent.log"),
        "agent",
        "run",
        "--server",
        "http://127.0.0.1:" + node.httpPort,
        "--capability",
        "slow",
        "--exec",
        "cd " + folder + " && " + command);
  }

  /** The bench's worker, a thin client, made to hold its task for a minute. */
  private ChildProcess stuckAgent(TestNode node) {
    var agent =
        TestNode.launch(
            folder.resolve("agent.log"),
            "bench-worker",
            "--members",
            node.memberAddress(),
            "--cluster-name",
            node.clusterName,
            "--concurrency",
            "1");
    agent.readLine();
    agent.writeLine("reset 60000");
    agent.readLine();
    return agent;
  }

  private static void register(TestNode node, String tasks) throws IOException {
    HttpApi http = node.http();
    assertThat(http.putYaml("/v1/definitions/stall", "name: stall\n" + tasks).status())
        .isEqualTo(201);
    assertThat(http.post("/v1/executions", Map.of("definition", "stall", "id", "e")).status())
        .isEqualTo(201);
  }

  private static HoldfastClient connect(TestNode node) {
    return HoldfastClient.builder()
        .addresses(node.memberAddress())
        .clusterName(node.clusterName)
        .connect();
  }

  private static List<String> types(TestNode node) throws IOException {
    return node.http().history("e").stream()
        .map((JsonNode event) -> event.get("type").asString())
        .toList();
  }

  /** What the agent says of its task after it has begun. */
  private static String lastWord(ChildProcess agent) {
    String line = agent.readLine();
    while (line.contains("started")) {
      line = agent.readLine();
    }
    return line;
  }

  private static void signal(String signal, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, String.valueOf(pid)).start().waitFor(5, TimeUnit.SECONDS);
  }
}
