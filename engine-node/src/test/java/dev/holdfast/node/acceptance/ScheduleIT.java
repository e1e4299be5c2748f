package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.node.chaos.cluster.LoopbackLinks;
import dev.holdfast.node.chaos.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Schedules that fire each second while a member of three is killed, in processes. */
class ScheduleIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MEMBERS = 3;
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  @TempDir Path folder;
  private ProcessCluster cluster;

  @BeforeEach
  void prepare() {
    cluster = new ProcessCluster(folder, MEMBERS, new LoopbackLinks(), List.of(), Map.of());
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void eachTimeHasOneExecutionAcrossKills() throws Exception {
    cluster.startAll();
    cluster.awaitReady(SOON);
    var first = new HttpApi(cluster.member(0).http());
    first.putYaml("/v1/definitions/tick", "name: tick\ntasks: { only: { delay: 100ms } }\n");
    for (String name : NAMES) {
      var spec = "cron: '* * * * * *'\ndefinition: tick\noverlap: queue\ncatchUp: 5m\n";
      assertThat(first.putYaml("/v1/schedules/" + name, spec).status()).isEqualTo(201);
    }
    awaitBegun(first, 1);
    // With four schedules and their children, the member is in the middle of something.
    cluster.member(2).kill();
    awaitBegun(first, 5);
    for (String name : NAMES) {
      assertThat(first.post("/v1/schedules/" + name + "/pause", Map.of()).status()).isEqualTo(200);
      await().atMost(SOON).until(() -> !first.get("/v1/schedules/" + name).json().has("running"));
    }
    for (String name : NAMES) {
      checkTimes(first, name);
    }
  }

  private static void awaitBegun(HttpApi http, int least) {
    for (String name : NAMES) {
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> http.get("/v1/schedules/" + name).json().get("begun").asInt() >= least);
    }
  }

  /** Every second from the first to the last has one execution, and all of them completed. */
  private static void checkTimes(HttpApi http, String name) throws IOException {
    var list = http.get("/v1/executions?limit=1000&attr.schedule=" + name).json().get("items");
    var times = new ArrayList<Instant>();
    for (JsonNode item : list) {
      assertThat(item.get("status").asString()).as(item.toString()).isEqualTo("COMPLETED");
      times.add(Instant.parse(item.get("id").asString().substring(name.length() + 1)));
    }
    times.sort(Instant::compareTo);
    assertThat(times).hasSizeGreaterThanOrEqualTo(5);
    for (int i = 1; i < times.size(); i++) {
      assertThat(times.get(i)).as("after " + i).isEqualTo(times.get(i - 1).plusSeconds(1));
    }
    assertThat(http.get("/v1/schedules/" + name).json().get("begun").asInt())
        .isEqualTo(times.size());
  }
}
