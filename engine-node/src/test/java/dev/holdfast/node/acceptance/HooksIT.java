package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** kill -9 while what was done is undone, and while it is torn down. */
class HooksIT {
  private static final String DEFINITION =
      """
      name: trip
      setup: { agent: steps, input: open }
      teardown: { agent: steps, input: "${setup.output}" }
      tasks:
        flight: { agent: steps, input: flight, compensate: { agent: steps, input: "undo ${output}" } }
        hotel: { agent: steps, needs: [flight], input: hotel, compensate: { agent: steps, input: "undo ${output}" } }
        pay: { agent: steps, needs: [hotel], input: pay, onFailure: compensate, retry: { maxAttempts: 1 } }
      """;

  @TempDir Path folder;

  @Test
  void whatWasUndoneStaysSoAndTheRestFollowsAfterKills() throws IOException {
    try (var node = new TestNode(folder).start()) {
      assertThat(node.http().putYaml("/v1/definitions/trip", DEFINITION).status()).isEqualTo(201);
      var start = Map.of("definition", "trip", "id", "kept");
      assertThat(node.http().post("/v1/executions", start).status()).isEqualTo(201);
      for (String task : List.of("setup", "flight", "hotel")) {
        complete(node, task);
      }
      Map<String, ?> refused = Map.of("error", Map.of("type", "refused", "message", "no money"));
      assertThat(report(node, poll(node, "pay"), "fail", refused)).isEqualTo(204);
      complete(node, "hotel.compensate");
      JsonNode undoing = poll(node, "flight.compensate");
      assertThat(undoing.get("input").asString()).isEqualTo("undo flight");
      node.kill();
      node.start();
      JsonNode shown = node.http().get("/v1/executions/kept").json();
      assertThat(shown.at("/status").asString()).isEqualTo("RUNNING");
      assertThat(shown.at("/closing/outcome").asString()).isEqualTo("FAILED");
      complete(node, "flight.compensate");
      JsonNode tearing = poll(node, "teardown");
      assertThat(tearing.get("input").asString()).isEqualTo("open");
      node.kill();
      node.start();
      complete(node, "teardown");
      JsonNode ended = node.http().get("/v1/executions/kept?wait=20s").json();
      assertThat(ended.at("/status").asString()).isEqualTo("FAILED");
      assertThat(ended.at("/error/message").asString()).isEqualTo("no money");
      assertThat(completions(node))
          .containsExactly(
              "setup", "flight", "hotel", "hotel.compensate", "flight.compensate", "teardown");
    }
  }

  private static List<String> completions(TestNode node) throws IOException {
    return node.http().history("kept").stream()
        .filter(event -> event.get("type").asString().equals("TaskCompleted"))
        .map(event -> event.get("task").asString())
        .toList();
  }

  private static void complete(TestNode node, String task) throws IOException {
    JsonNode handed = poll(node, task);
    Map<String, ?> output = Map.of("output", handed.get("input").asString());
    assertThat(report(node, handed, "complete", output)).isEqualTo(204);
  }

  private static int report(TestNode node, JsonNode task, String how, Map<String, ?> body)
      throws IOException {
    String path = "/v1/tasks/" + task.get("token").asString() + "/" + how;
    return node.http().post(path, body).status();
  }

  /** The one task that is handed out next, which is this one. */
  private static JsonNode poll(TestNode node, String task) throws IOException {
    Map<String, ?> wish =
        Map.of("worker", "w", "agents", List.of("steps"), "max", 5, "wait", "20s");
    JsonNode tasks = node.http().post("/v1/tasks/poll", wish).json().get("tasks");
    assertThat(tasks).hasSize(1);
    assertThat(tasks.get(0).get("task").asString()).isEqualTo(task);
    return tasks.get(0);
  }
}
