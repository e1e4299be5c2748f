package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A worker over HTTP whose test says which task it is given next. What completes has its input as
 * output.
 */
record ScriptedWorker(TestNode node, String capability) {
  /** The one task that is handed out next, which is this one. */
  JsonNode poll(String task) throws IOException {
    JsonNode tasks = polled("20s");
    assertThat(tasks).hasSize(1);
    assertThat(tasks.get(0).get("task").asString()).isEqualTo(task);
    return tasks.get(0);
  }

  /** What is handed out by then, five tasks at most. */
  JsonNode polled(String wait) throws IOException {
    Map<String, ?> wish =
        Map.of("worker", "w", "agents", List.of(capability), "max", 5, "wait", wait);
    return node.http().post("/v1/tasks/poll", wish).json().get("tasks");
  }

  /** Takes this task, which is next, and completes it. */
  void complete(String task) throws IOException {
    assertThat(complete(poll(task))).isEqualTo(204);
  }

  /** The answer's status. */
  int complete(JsonNode task) throws IOException {
    return report(task, "complete", Map.of("output", task.get("input").asString()));
  }

  /** The answer's status. */
  int fail(JsonNode task, String type, String message) throws IOException {
    return report(task, "fail", Map.of("error", Map.of("type", type, "message", message)));
  }

  private int report(JsonNode task, String how, Map<String, ?> body) throws IOException {
    String path = "/v1/tasks/" + task.get("token").asString() + "/" + how;
    return node.http().post(path, body).status();
  }

  /** Ids of the tasks of this execution that have completed, in that order. */
  List<String> completions(String execution) throws IOException {
    return node.http().history(execution).stream()
        .filter(event -> event.get("type").asString().equals("TaskCompleted"))
        .map(event -> event.get("task").asString())
        .toList();
  }
}
