package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.client.HoldfastClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent's process is stopped (SIGSTOP) or killed while it holds a task. */
class StalledAgentIT {
  private static final String DEFINITION =
      """
      name: stall
      tasks:
        slow: { agent: slow, heartbeat: 1s, retry: { maxAttempts: 1 } }
      """;

  @TempDir Path folder;

  @Test
  void aStoppedAgentLosesItsLeaseAndItsLateResultIsRefused() throws Exception {
    try (var node = new TestNode(folder).start();
        var stopped = agentProcess(node, "echo begun >> begun; sleep 4; echo '\"late\"'")) {
      register(node);
      node.http().post("/v1/executions", Map.of("definition", "stall", "id", "e"));
      await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(folder.resolve("begun")));
      signal("-STOP", stopped.pid());
      try (var client = connect(node);
          var second = client.agent("slow", task -> "in time").start()) {
        assertThat(client.execution("e").awaitResult(Duration.ofSeconds(20)).output())
            .asString()
            .contains("in time");
        signal("-CONT", stopped.pid());
        assertThat(second.running()).isZero();
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() ->
              assertThat(types(node, "e"))
                  .containsSubsequence(
                      "TaskStarted", "AttemptFailed", "TaskStarted", "TaskCompleted")
                  .containsOnlyOnce("TaskCompleted"));
    }
  }

  @Test
  void aKilledAgentsTaskIsGivenToAnotherWithinTwoSeconds() throws Exception {
    try (var node = new TestNode(folder).start();
        var killed = agentProcess(node, "echo begun >> begun; sleep 60; echo '\"never\"'")) {
      register(node);
      node.http().post("/v1/executions", Map.of("definition", "stall", "id", "e"));
      await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(folder.resolve("begun")));
      try (var client = connect(node)) {
        client.agent("slow", task -> "by the other").start();
        long killedNanos = System.nanoTime();
        killed.kill();
        client.execution("e").awaitResult(Duration.ofSeconds(20)).output();
        assertThat(Duration.ofNanos(System.nanoTime() - killedNanos))
            .isLessThan(Duration.ofSeconds(2));
      }
    }
  }

  private dev.holdfast.node.process.ChildProcess agentProcess(TestNode node, String command) {
    return TestNode.launch(
        folder.resolve("agent.log"),
        "agent",
        "run",
        "--member",
        node.memberAddress(),
        "--cluster-name",
        node.clusterName,
        "--capability",
        "slow",
        "--exec",
        "cd " + folder + " && " + command);
  }

  private static void register(TestNode node) throws IOException {
    assertThat(node.http().putYaml("/v1/definitions/stall", DEFINITION).status()).isEqualTo(201);
  }

  private static HoldfastClient connect(TestNode node) {
    return HoldfastClient.builder()
        .addresses(node.memberAddress())
        .clusterName(node.clusterName)
        .connect();
  }

  private static List<String> types(TestNode node, String execution) throws IOException {
    return node.http().history(execution).stream()
        .map(event -> event.get("type").asString())
        .toList();
  }

  private static void signal(String signal, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, String.valueOf(pid)).start().waitFor(5, TimeUnit.SECONDS);
  }
}
