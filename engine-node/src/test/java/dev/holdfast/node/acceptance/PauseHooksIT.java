package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * kill -9 while what a pause releases is released, while it is paused, and while it is acquired.
 */
class PauseHooksIT {
  private static final String PATH = "/v1/executions/kept";
  private static final String DEFINITION =
      """
      name: rig
      setup:    { agent: rig, input: "rig 7" }
      onPause:  { agent: rig, input: "release ${setup.output}" }
      onResume: { agent: rig, input: "acquire ${setup.output}" }
      tasks:
        drill:  { agent: rig, input: drill }
        survey: { agent: rig, needs: [drill], input: survey }
      """;

  @TempDir Path folder;

  @Test
  void aPauseAndItsResumeGoOnAfterKillsWhereTheyWere() throws IOException {
    try (var node = new TestNode(folder).start()) {
      assertThat(node.http().putYaml("/v1/definitions/rig", DEFINITION).status()).isEqualTo(201);
      var start = Map.of("definition", "rig", "id", "kept");
      assertThat(node.http().post("/v1/executions", start).status()).isEqualTo(201);
      complete(node, "setup");
      JsonNode drill = poll(node, "drill");
      Map<String, ?> why = Map.of("reason", "storm");
      assertThat(status(node.http().post(PATH + "/pause", why).json())).isEqualTo("PAUSING");
      assertThat(report(node, drill)).isEqualTo(204);
      JsonNode releasing = poll(node, "onPause");
      assertThat(releasing.get("input").asString()).isEqualTo("release rig 7");
      node.kill();
      node.start();
      assertThat(view(node).at("/pause/drained").asBoolean()).isFalse();
      complete(node, "onPause");
      assertThat(report(node, releasing)).as("the attempt before").isEqualTo(409);
      assertThat(status(view(node))).isEqualTo("PAUSED");

      node.kill();
      node.start();
      JsonNode paused = view(node);
      assertThat(status(paused)).isEqualTo("PAUSED");
      assertThat(paused.at("/pause/drained").asBoolean()).isTrue();
      assertThat(paused.at("/pause/reason").asString()).isEqualTo("storm");
      assertThat(resume(node).at("/reasons/0/code").asString())
          .as("no agent has polled since")
          .isEqualTo("no-agent");
      assertThat(polled(node, "0s")).isEmpty();
      assertThat(status(resume(node))).isEqualTo("RUNNING");
      JsonNode acquiring = poll(node, "onResume");
      assertThat(acquiring.get("input").asString()).isEqualTo("acquire rig 7");
      node.kill();
      node.start();
      complete(node, "onResume");
      complete(node, "survey");
      assertThat(status(node.http().get(PATH + "?wait=20s").json())).isEqualTo("COMPLETED");
      assertThat(completions(node))
          .containsExactly("setup", "drill", "onPause", "onResume", "survey");
    }
  }

  private static JsonNode view(TestNode node) throws IOException {
    return node.http().get(PATH).json();
  }

  private static JsonNode resume(TestNode node) throws IOException {
    return node.http().post(PATH + "/resume", Map.of()).json();
  }

  private static String status(JsonNode view) {
    return view.at("/status").asString();
  }

  private static List<String> completions(TestNode node) throws IOException {
    return node.http().history("kept").stream()
        .filter(event -> event.get("type").asString().equals("TaskCompleted"))
        .map(event -> event.get("task").asString())
        .toList();
  }

  private static void complete(TestNode node, String task) throws IOException {
    assertThat(report(node, poll(node, task))).isEqualTo(204);
  }

  private static int report(TestNode node, JsonNode task) throws IOException {
    String path = "/v1/tasks/" + task.get("token").asString() + "/complete";
    return node.http().post(path, Map.of("output", task.get("input").asString())).status();
  }

  /** The one task that is handed out next, which is this one. */
  private static JsonNode poll(TestNode node, String task) throws IOException {
    JsonNode tasks = polled(node, "20s");
    assertThat(tasks).hasSize(1);
    assertThat(tasks.get(0).get("task").asString()).isEqualTo(task);
    return tasks.get(0);
  }

  private static JsonNode polled(TestNode node, String wait) throws IOException {
    Map<String, ?> wish = Map.of("worker", "w", "agents", List.of("rig"), "max", 5, "wait", wait);
    return node.http().post("/v1/tasks/poll", wish).json().get("tasks");
  }
}
