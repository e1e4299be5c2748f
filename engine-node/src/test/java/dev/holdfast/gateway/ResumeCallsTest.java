package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.GridSettings;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A resume that something speaks against, over HTTP. */
class ResumeCallsTest {
  private static final String FORCE = "{\"force\":true}";
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  /** Two tasks, of which the second needs labels; paused. */
  private static String paused(String name) {
    api.apply(
            name,
            """
            name: %1$s
            tasks:
              a: { agent: %1$s }
              b: { agent: %1$s, needs: [a], requires: { region: eu } }
              c: { agent: %1$s-other, needs: [b] }
            """
                .formatted(name))
        .is(201);
    String path = "/v1/executions/" + api.start(name);
    api.postEmpty(path + "/pause").is(200);
    return path;
  }

  private static void poll(String capability, String labels) {
    api.post(
            "/v1/tasks/poll",
            "{\"worker\":\"w-%1$s\",\"agents\":[\"%1$s\"],\"labels\":%2$s,\"wait\":\"0s\"}"
                .formatted(capability, labels))
        .is(200);
  }

  @Test
  void eachReasonIsAnsweredAndForcePassesOverWarnings() {
    String path = paused("refused");
    JsonNode problem = api.postEmpty(path + "/resume").refused(409, "resume-refused").json();
    assertThat(problem.get("reasons")).hasSize(3);
    assertThat(problem.at("/reasons/0").toString())
        .isEqualTo(
            "{\"severity\":\"warning\",\"code\":\"no-agent\",\"task\":\"a\",\"message\":"
                + "\"task 'a' needs an agent for 'refused', and none is known\"}");
    assertThat(problem.get("detail").asString()).contains("task 'a'", "and 2 more");
    assertThat(api.get(path).text("/status")).isEqualTo("PAUSED");

    poll("refused", "{}");
    problem = api.postEmpty(path + "/resume").refused(409, "resume-refused").json();
    assertThat(problem.at("/reasons").findValuesAsString("code"))
        .containsExactly("no-agent-with-labels", "no-agent");

    assertThat(api.post(path + "/resume", FORCE).is(200).text("/status")).isEqualTo("RUNNING");
    JsonNode history = api.get(path + "/history").is(200).json().get("items");
    JsonNode last = history.get(history.size() - 1);
    assertThat(last.get("type").asString()).isEqualTo("ExecutionResumed");
    assertThat(last.get("force").asBoolean()).isTrue();
  }

  @Test
  void agentsThatPolledLatelyAreKnown() {
    String path = paused("known");
    poll("known", "{\"region\":\"eu\"}");
    poll("known-other", "{}");
    assertThat(api.postEmpty(path + "/resume").is(200).text("/status")).isEqualTo("RUNNING");
  }

  @Test
  void aBatchSaysForEachExecutionWhyItWasNotResumed() {
    String path = paused("batch-refused");
    String id = path.substring(path.lastIndexOf('/') + 1);
    String batch = "{\"definition\":\"batch-refused\"}";
    JsonNode result = api.post("/v1/executions/resume", batch).is(200).json();
    assertThat(result.get("changed").asInt()).isZero();
    assertThat(result.at("/failed/0/execution").asString()).isEqualTo(id);
    assertThat(result.at("/failed/0/code").asString()).isEqualTo("resume-refused");
    assertThat(result.at("/failed/0/reasons")).hasSize(3);
    String forced = "{\"definition\":\"batch-refused\",\"force\":true}";
    assertThat(api.post("/v1/executions/resume", forced).is(200).json().get("changed").asInt())
        .isEqualTo(1);
  }

  @Test
  void autoResumeAndAParentsResumeAskNobody() {
    api.apply("asks-nobody", "name: asks-nobody\ntasks: { x: { agent: asks-nobody } }").is(201);
    api.apply("asks-parent", "name: asks-parent\ntasks: { y: { workflow: asks-nobody } }").is(201);
    String alone = "/v1/executions/" + api.start("asks-nobody");
    api.post(alone + "/pause", "{\"autoResumeAfter\":\"50ms\"}").is(200);
    awaitStatus(alone, "RUNNING");

    String parent = "/v1/executions/" + api.start("asks-parent");
    String child = parent + "%2Fy";
    awaitStatus(child, "RUNNING");
    api.postEmpty(parent + "/pause").is(200);
    awaitStatus(child, "PAUSED");
    awaitStatus(parent, "PAUSED");
    api.postEmpty(parent + "/resume").is(200);
    awaitStatus(child, "RUNNING");
  }

  @Test
  void theNodeSaysWhenAPauseEndsByItselfUnlessThePauseDoes() {
    var settings =
        GridSettings.of("auto-resume-" + UUID.randomUUID(), "test")
            .autoResumeAfter(Duration.ofMillis(300))
            .build();
    try (var quick =
        new TestNode(new GridEngine(settings, new MemoryStateStore(), InstantSource.system()))) {
      quick.api.apply("quick", "name: quick\ntasks: { x: { agent: quick } }").is(201);
      String one = "/v1/executions/" + quick.api.start("quick");
      String other = "/v1/executions/" + quick.api.start("quick");
      quick.api.post(other + "/pause", "{\"autoResumeAfter\":\"1h\"}").is(200);
      quick.api.postEmpty(one + "/pause").is(200);
      awaitStatus(quick.api, one, "RUNNING");
      assertThat(quick.api.get(other).text("/status")).isEqualTo("PAUSED");
      quick.api.post("/v1/executions/pause", "{\"all\":true}").is(200);
      awaitStatus(quick.api, one, "RUNNING");
    }
  }

  private static void awaitStatus(String path, String status) {
    awaitStatus(api, path, status);
  }

  private static void awaitStatus(Api at, String path, String status) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          JsonNode view = at.get(path).json();
          return view.path("status").asString("").equals(status);
        });
  }
}
