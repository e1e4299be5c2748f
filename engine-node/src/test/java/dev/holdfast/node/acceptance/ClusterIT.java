package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members by the launcher: they wait for each other, and one is drained. */
class ClusterIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int MEMBERS = 3;

  @TempDir Path folder;
  private ProcessCluster cluster;

  @BeforeEach
  void prepare() {
    cluster = new ProcessCluster(folder, MEMBERS);
  }

  @Test
  void membersWaitForEachOtherAndOneIsDrained() throws Exception {
    HttpApi first = cluster.start();
    assertThat(first.get("/health/ready").status()).isEqualTo(503);
    assertThat(first.get("/v1/cluster").json().get("state").asString()).isEqualTo("waiting");
    HttpApi second = cluster.start();
    cluster.start();
    await().atMost(SOON).until(() -> first.get("/health/ready").status() == 200);
    assertThat(cluster.member(0).process().readLine()).contains("\"state\":\"open\"");

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
    assertThat(cluster.member(0).process().terminate()).isZero();
    assertThat(second.get("/v1/cluster").json().get("missing").asInt()).isEqualTo(1);
    assertThat(second.get("/health/ready").status()).isEqualTo(200);
    assertThat(cluster.member(2).process().terminate()).isZero();
    await().atMost(SOON).until(() -> second.get("/health/ready").status() == 503);
    assertThat(second.get("/v1/cluster").json().get("state").asString()).isEqualTo("no-quorum");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }
}
