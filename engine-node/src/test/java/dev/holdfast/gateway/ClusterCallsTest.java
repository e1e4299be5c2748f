package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators ask of a cluster, and do with it. */
class ClusterCallsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String YAML = "name: d\ntasks: { only: { agent: drained } }\n";

  @Test
  void aMemberThatWaitsForOthersAnswersAndIsNotReady() {
    try (var cluster = new TestCluster(2, 0, place -> new MemoryStateStore());
        var waiting = new TestNode(engine(cluster, 0))) {
      waiting.api.get("/health/live").is(200);
      assertThat(waiting.api.get("/health/ready").refused(503, "unavailable").text("/detail"))
          .isEqualTo("waiting: waits for members: 1 of 2 are there");
      var seen = waiting.api.get("/v1/cluster").is(200);
      assertThat(seen.text("/state")).isEqualTo("waiting");
      assertThat(seen.json().get("missing").asInt()).isEqualTo(1);
      assertThat(seen.json().get("epoch").asLong()).isZero();
      waiting.api.get("/v1/executions/any").refused(503, "unavailable");
      waiting.api.apply("d", YAML).refused(503, "unavailable");
      assertThat(
              waiting
                  .api
                  .post("/v1/cluster/open", "{}")
                  .refused(409, "wrong-state")
                  .text("/detail"))
          .contains("1 of 2 are there");
    }
  }

  @Test
  void forcedOpeningSaysWhatIsMissing() {
    try (var cluster = new TestCluster(2, 0, place -> new MemoryStateStore());
        var only = new TestNode(engine(cluster, 0))) {
      var opened = only.api.post("/v1/cluster/open", "{\"force\":true}").is(200);
      assertThat(opened.text("/state")).isEqualTo("open");
      assertThat(opened.json().get("missing").asInt()).isEqualTo(1);
      assertThat(opened.text("/detail")).contains("by force with 1 of 2 members");
      only.api.get("/health/ready").is(200);
      only.api.apply("d", YAML).is(201);
      only.api.start("d");
      // It is open: there is nothing to force.
      only.api.post("/v1/cluster/open", "{\"force\":true}").is(200);
    }
  }

  @Test
  void aDrainedMemberHasHandedOverWhatItOwned() {
    try (var cluster = new TestCluster(3)) {
      var nodes = cluster.running().stream().map(TestNode::new).toList();
      try {
        TestNode leaving = nodes.get(0);
        leaving.api.apply("d", YAML).is(201);
        var ids = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
          ids.add(leaving.api.start("d"));
        }
        var drained = leaving.api.postEmpty("/v1/cluster/drain?wait=60s").is(200);
        assertThat(drained.text("/state")).isEqualTo("drained");
        leaving.api.get("/health/live").is(200);
        assertThat(leaving.api.get("/health/ready").refused(503, "unavailable").text("/detail"))
            .startsWith("drained");
        assertThat(leaving.api.get("/v1/cluster").is(200).text("/state")).isEqualTo("drained");
        leaving.api.get("/v1/executions/" + ids.getFirst()).refused(503, "unavailable");
        leaving.api.postEmpty("/v1/cluster/drain").is(200);
        TestNode staying = nodes.get(1);
        await()
            .atMost(SOON)
            .untilAsserted(() -> {
              var seen = staying.api.get("/v1/cluster").is(200);
              assertThat(seen.json().get("members")).hasSize(2);
              assertThat(seen.text("/state")).isEqualTo("open");
              assertThat(owned(seen)).isEqualTo(ids.size());
            });
        ids.forEach(id -> staying.api.get("/v1/executions/" + id).is(200));
        staying.api.complete(staying.api.take("drained"), "1").is(204);
      } finally {
        nodes.forEach(TestNode::close);
      }
    }
  }

  @Test
  void drainingIsAnsweredAtOnce() {
    try (var cluster = new TestCluster(2)) {
      List<TestNode> nodes = cluster.running().stream().map(TestNode::new).toList();
      try {
        var leaving = nodes.get(1);
        assertThat(leaving.api.postEmpty("/v1/cluster/drain").is(202).text("/state"))
            .isEqualTo("draining");
        leaving.api.get("/health/ready").refused(503, "unavailable");
        await()
            .atMost(SOON)
            .until(() -> leaving.api.get("/v1/cluster").text("/state").equals("drained"));
      } finally {
        nodes.forEach(TestNode::close);
      }
    }
  }

  private static int owned(Api.Answer cluster) {
    int owned = 0;
    for (var member : cluster.json().get("members")) {
      owned += member.get("owned").asInt();
    }
    return owned;
  }

  private static GridEngine engine(TestCluster cluster, int place) {
    return new GridEngine(cluster.settings(place), new MemoryStateStore(), InstantSource.system());
  }
}
