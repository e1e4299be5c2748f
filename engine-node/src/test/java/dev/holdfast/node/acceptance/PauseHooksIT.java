package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
      var worker = new ScriptedWorker(node, "rig");
      assertThat(node.http().putYaml("/v1/definitions/rig", DEFINITION).status()).isEqualTo(201);
      var start = Map.of("definition", "rig", "id", "kept");
      assertThat(node.http().post("/v1/executions", start).status()).isEqualTo(201);
      worker.complete("setup");
      JsonNode drill = worker.poll("drill");
      Map<String, ?> why = Map.of("reason", "storm");
      assertThat(status(node.http().post(PATH + "/pause", why).json())).isEqualTo("PAUSING");
      assertThat(worker.complete(drill)).isEqualTo(204);
      JsonNode releasing = worker.poll("onPause");
      assertThat(releasing.get("input").asString()).isEqualTo("release rig 7");
      node.kill();
      node.start();
      assertThat(view(node).at("/pause/drained").asBoolean()).isFalse();
      worker.complete("onPause");
      assertThat(worker.complete(releasing)).as("the attempt before").isEqualTo(409);
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
      assertThat(worker.polled("0s")).isEmpty();
      assertThat(status(resume(node))).isEqualTo("RUNNING");
      JsonNode acquiring = worker.poll("onResume");
      assertThat(acquiring.get("input").asString()).isEqualTo("acquire rig 7");
      node.kill();
      node.start();
      worker.complete("onResume");
      worker.complete("survey");
      assertThat(status(node.http().get(PATH + "?wait=20s").json())).isEqualTo("COMPLETED");
      assertThat(worker.completions("kept"))
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
}
