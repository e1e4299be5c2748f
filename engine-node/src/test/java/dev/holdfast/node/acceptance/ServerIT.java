package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.node.process.ChildProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node starts, refuses to start, and stops. */
class ServerIT {
  private static final Duration END_MAX = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void sigtermEndsWithZeroAndEverythingIsThereAfterwards() throws IOException {
    try (var node = new TestNode(folder).start()) {
      var definition = "name: one\ntasks: { only: { agent: nobody } }\n";
      assertThat(node.http().putYaml("/v1/definitions/one", definition).status()).isEqualTo(201);
      var start = Map.of("definition", "one", "id", "kept");
      assertThat(node.http().post("/v1/executions", start).status()).isEqualTo(201);
      assertThat(node.terminate()).isZero();
      assertThat(Files.readString(node.log)).contains("Stopped").doesNotContain("ERROR");
      node.start();
      var kept = node.http().get("/v1/executions/kept");
      assertThat(kept.json().get("status").asString()).isEqualTo("RUNNING");
      assertThat(node.http().get("/v1/definitions/one").status()).isEqualTo(200);
    }
  }

  @Test
  void delaysAndSignalsOutliveAKill() throws IOException {
    try (var node = new TestNode(folder).start()) {
      var definition =
          """
          name: patience
          tasks:
            later: { delay: 2s }
            word: { needs: [later], waitFor: { signal: go } }
            more: { needs: [word], waitFor: { signal: on } }
          output: "${[tasks.word.output.n, tasks.more.output.n]}"
          """;
      assertThat(node.http().putYaml("/v1/definitions/patience", definition).status())
          .isEqualTo(201);
      var start = Map.of("definition", "patience", "id", "kept");
      assertThat(node.http().post("/v1/executions", start).status()).isEqualTo(201);
      String signals = "/v1/executions/kept/signals/";
      assertThat(node.http().post(signals + "go?id=s-1", Map.of("n", 1)).status()).isEqualTo(200);
      node.kill();
      node.start();
      assertThat(node.http().post(signals + "go?id=s-1", Map.of("n", 1)).status()).isEqualTo(200);
      assertThat(node.http().post(signals + "on", Map.of("n", 2)).status()).isEqualTo(200);
      var ended = node.http().get("/v1/executions/kept?wait=20s").json();
      assertThat(ended.at("/status").asString()).isEqualTo("COMPLETED");
      assertThat(ended.at("/output").toString()).isEqualTo("[1,2]");
    }
  }

  @Test
  void aTaskThatAwaitsApprovalStillDoesAfterAKill() throws IOException {
    try (var node = new TestNode(folder).start()) {
      var definition = "name: gate\ntasks: { settle: { agent: nobody, pauseBefore: true } }\n";
      assertThat(node.http().putYaml("/v1/definitions/gate", definition).status()).isEqualTo(201);
      var start = Map.of("definition", "gate", "id", "kept");
      assertThat(node.http().post("/v1/executions", start).status()).isEqualTo(201);
      node.kill();
      node.start();
      var waiting = node.http().get("/v1/approvals").json().get("items");
      assertThat(waiting).hasSize(1);
      assertThat(waiting.get(0).get("execution").asString()).isEqualTo("kept");
      var answer =
          node.http().post("/v1/executions/kept/tasks/settle/approve", Map.of("approved", true));
      assertThat(answer.json().at("/tasks/0/status").asString()).isEqualTo("READY");
    }
  }

  @Test
  void aSecondNodeOnTheSameFolderIsRefused() throws IOException {
    try (var node = new TestNode(folder).start();
        var second = new TestNode(node.data, folder.resolve("second.log"), Map.of())) {
      assertThatThrownBy(second::start)
          .hasMessageContaining("ended with 1")
          .hasMessageContaining(
              "the data folder "
                  + node.data
                  + " is in use by process "
                  + node.running().process().pid());
      assertThat(node.http().get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      for (String flag : List.of("--http-port", "--port")) {
        String other = flag.equals("--port") ? "--http-port" : "--port";
        ChildProcess process =
            TestNode.launch(
                folder.resolve("log"),
                "server",
                "--data",
                folder.resolve("data").toString(),
                other,
                "0",
                flag,
                port);
        assertThat(process.waitFor(END_MAX)).isEqualTo(1);
        assertThat(process.stderr()).contains("can't listen on 127.0.0.1:" + port).contains(flag);
      }
    }
  }

  @Test
  void badUsageIsExitCodeTwo() {
    var usages =
        new String[][] {
          {"server", "--no-such-flag"},
          {"no-such-command"},
          {"server", "--http-port", "70000"},
          {"server", "--store", "oracle"},
          {"server", "--config", "/no/such/file.yaml"},
          {"bench", "--members", "0"},
          {"bench", "--workflows", "0"},
        };
    for (String[] usage : usages) {
      ChildProcess process = TestNode.launch(folder.resolve("log"), usage);
      assertThat(process.waitFor(END_MAX)).as(String.join(" ", usage)).isEqualTo(2);
    }
    assertThat(folder.resolve("log")).content().contains("http.port: '70000'");
  }

  @Test
  void listeningElsewhereThanOnLoopbackIsWarnedOf() throws IOException {
    try (var node = new TestNode(folder, "--bind", "0.0.0.0").start()) {
      assertThat(Files.readString(node.log)).contains("0.0.0.0 without login");
      assertThat(node.http().get("/health/live").status()).isEqualTo(200);
    }
  }
}
