package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.node.process.FreePorts;
import dev.holdfast.node.process.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members by the launcher: they wait for each other, and one is drained. */
class ClusterIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int MEMBERS = 3;

  private final String name = "test-" + UUID.randomUUID();
  private final List<Integer> ports = FreePorts.on("127.0.0.1", MEMBERS);
  private final List<NodeProcess> members = new ArrayList<>();

  @TempDir Path folder;

  /** Starts the next one, which is told of the others by their addresses and nothing else. */
  private HttpApi start() {
    int member = members.size();
    String join = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    List<String> arguments =
        List.of(
            "--data",
            folder.resolve("data-" + member).toString(),
            "--http-port",
            "0",
            "--port",
            String.valueOf(ports.get(member)),
            "--cluster-name",
            name,
            "--join",
            join);
    Path log = folder.resolve("member-" + member + ".log");
    members.add(NodeProcess.start(TestNode.HOME, arguments, log, Map.of()));
    return new HttpApi(members.getLast().http());
  }

  @Test
  void membersWaitForEachOtherAndOneIsDrained() throws Exception {
    HttpApi first = start();
    assertThat(first.get("/health/ready").status()).isEqualTo(503);
    assertThat(first.get("/v1/cluster").json().get("state").asString()).isEqualTo("waiting");
    HttpApi second = start();
    start();
    await().atMost(SOON).until(() -> first.get("/health/ready").status() == 200);
    assertThat(members.get(0).process().readLine()).contains("\"state\":\"open\"");

    String definition = "name: one\ntasks: { only: { agent: nobody } }\n";
    assertThat(first.putYaml("/v1/definitions/one", definition).status()).isEqualTo(201);
    for (int i = 0; i < 10; i++) {
      var start = Map.of("definition", "one", "id", "e" + i);
      assertThat(first.post("/v1/executions", start).status()).isEqualTo(201);
    }
    var drained = first.post("/v1/cluster/drain?wait=60s", Map.of());
    assertThat(drained.json().get("state").asString()).isEqualTo("drained");
    assertThat(first.get("/health/live").status()).isEqualTo(200);
    assertThat(first.get("/health/ready").status()).isEqualTo(503);
    for (int i = 0; i < 10; i++) {
      assertThat(second.get("/v1/executions/e" + i).status()).isEqualTo(200);
    }
    assertThat(members.get(0).process().terminate()).isZero();
    assertThat(second.get("/v1/cluster").json().get("missing").asInt()).isEqualTo(1);
    assertThat(second.get("/health/ready").status()).isEqualTo(200);
    assertThat(members.get(2).process().terminate()).isZero();
    await().atMost(SOON).until(() -> second.get("/health/ready").status() == 503);
    assertThat(second.get("/v1/cluster").json().get("state").asString()).isEqualTo("no-quorum");
  }

  @AfterEach
  void stop() {
    members.forEach(NodeProcess::close);
  }
}
