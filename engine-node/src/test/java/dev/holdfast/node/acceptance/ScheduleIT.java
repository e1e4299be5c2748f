package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.node.process.FreePorts;
import dev.holdfast.node.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Schedules that fire each second while a member of three is killed, in processes. */
class ScheduleIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MEMBERS = 3;
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  @TempDir Path folder;
  private final String cluster = "test-" + UUID.randomUUID();
  private final List<Integer> ports = new ArrayList<>();
  private final List<NodeProcess> members = new ArrayList<>();

  @AfterEach
  void stop() {
    members.forEach(NodeProcess::close);
  }

  @Test
  void eachTimeHasOneExecutionAcrossKills() throws Exception {
    for (int i = 0; i < MEMBERS; i++) {
      ports.add(FreePorts.oneOn("127.0.0.1"));
    }
    HttpApi first = start(0);
    start(1);
    start(2);
    await().atMost(SOON).until(() -> first.get("/health/ready").status() == 200);
    first.putYaml("/v1/definitions/tick", "name: tick\ntasks: { only: { delay: 100ms } }\n");
    for (String name : NAMES) {
      var spec = "cron: '* * * * * *'\ndefinition: tick\noverlap: queue\ncatchUp: 5m\n";
      assertThat(first.putYaml("/v1/schedules/" + name, spec).status()).isEqualTo(201);
    }
    awaitBegun(first, 1);
    // With four schedules and their children, the member is in the middle of something.
    members.get(2).process().kill();
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

  private HttpApi start(int member) {
    String join = String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
    var node =
        NodeProcess.start(
            TestNode.HOME,
            List.of(
                "--data",
                folder.resolve("data-" + member).toString(),
                "--http-port",
                "0",
                "--port",
                String.valueOf(ports.get(member)),
                "--cluster-name",
                cluster,
                "--join",
                join),
            folder.resolve("member-" + member + ".log"),
            Map.of());
    members.add(node);
    return new HttpApi(node.http());
  }
}
