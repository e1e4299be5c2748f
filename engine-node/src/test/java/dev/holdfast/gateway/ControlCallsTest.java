package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class ControlCallsTest {
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  private static String started(String name) {
    api.apply(
            name,
            "name: %1$s\ntasks:\n  a: { agent: %1$s }\n  b: { agent: %1$s, needs: [a] }\n"
                .formatted(name))
        .is(201);
    return "/v1/executions/" + api.start(name);
  }

  @Test
  void aGracefulPauseLetsTheRunningAttemptFinish() {
    String execution = started("graceful");
    JsonNode task = api.take("graceful");
    var pausing =
        api.post(
                execution + "/pause",
                "{\"reason\":\"look\"}",
                "X-Holdfast-Actor",
                "ada@example.com")
            .is(200)
            .json();
    assertThat(pausing.get("status").asString()).isEqualTo("PAUSING");
    assertThat(pausing.at("/pause/by").asString()).isEqualTo("ada@example.com");
    assertThat(pausing.at("/pause/mode").asString()).isEqualTo("graceful");
    assertThat(pausing.at("/pause/reason").asString()).isEqualTo("look");

    api.complete(task, "1").is(204);
    var paused = api.get(execution).is(200).json();
    assertThat(paused.get("status").asString()).isEqualTo("PAUSED");
    assertThat(paused.at("/progress/completed").asInt()).isEqualTo(1);

    assertThat(api.postEmpty(execution + "/resume").is(200).text("/status")).isEqualTo("RUNNING");
    api.complete(api.take("graceful"), "2").is(204);
    assertThat(api.get(execution + "?wait=10s").text("/status")).isEqualTo("COMPLETED");
  }

  @Test
  void anImmediatePauseRevokesTheRunningAttempt() {
    String execution = started("immediate");
    JsonNode task = api.take("immediate");
    assertThat(api.post(execution + "/pause", "{\"mode\":\"immediate\"}").is(200).text("/status"))
        .isEqualTo("PAUSED");
    api.complete(task, "1").refused(409, "stale-attempt");
    api.postEmpty(execution + "/resume").is(200);
    JsonNode again = api.take("immediate");
    assertThat(again.get("task").asString()).isEqualTo("a");
    assertThat(again.get("attempt").asInt()).isEqualTo(2);
  }

  @Test
  void aResultCanPauseTheExecution() {
    String execution = started("self-pausing");
    JsonNode task = api.take("self-pausing");
    api.post(
            "/v1/tasks/" + task.get("token").asString() + "/complete",
            "{\"output\":1,\"pause\":{\"reason\":\"odd total\"}}")
        .is(204);
    var paused = api.get(execution).is(200).json();
    assertThat(paused.get("status").asString()).isEqualTo("PAUSED");
    assertThat(paused.at("/pause/by").asString()).isEqualTo("w1");
    assertThat(paused.at("/pause/reason").asString()).isEqualTo("odd total");
    assertThat(paused.at("/tasks/0/status").asString()).isEqualTo("COMPLETED");
    assertThat(paused.at("/tasks/1/status").asString()).isEqualTo("PENDING");
  }

  @Test
  void cancellingIsDecisiveAndCanBeRepeated() {
    String execution = started("cancelled");
    JsonNode task = api.take("cancelled");
    assertThat(api.postEmpty(execution + "/cancel").is(200).text("/status")).isEqualTo("CANCELLED");
    api.postEmpty(execution + "/cancel").is(200);
    api.complete(task, "1").refused(409, "stale-attempt");
    api.postEmpty(execution + "/pause").refused(409, "wrong-state");
    api.postEmpty(execution + "/resume").refused(409, "wrong-state");
    api.postEmpty(execution + "/retry").refused(409, "wrong-state");
  }

  @Test
  void aFailedExecutionIsRetriedFromItsFailedTask() {
    String execution = started("retried");
    api.complete(api.take("retried"), "1").is(204);
    JsonNode task = api.take("retried");
    api.post(
            "/v1/tasks/" + task.get("token").asString() + "/fail",
            "{\"error\":{\"type\":\"bad-input\",\"message\":\"no total\"},\"retryable\":false}")
        .is(204);
    var failed = api.get(execution + "?wait=10s").is(200).json();
    assertThat(failed.get("status").asString()).isEqualTo("FAILED");
    assertThat(failed.at("/error/type").asString()).isEqualTo("bad-input");
    assertThat(failed.at("/tasks/1/attempts/0/outcome").asString()).isEqualTo("error");

    assertThat(api.postEmpty(execution + "/retry").is(200).text("/status")).isEqualTo("RUNNING");
    JsonNode again = api.take("retried");
    assertThat(again.get("task").asString()).isEqualTo("b");
    api.complete(again, "2").is(204);
    assertThat(api.get(execution + "?wait=10s").text("/status")).isEqualTo("COMPLETED");
  }

  @Test
  void resumingWhatIsNotPausedIsRefused() {
    api.postEmpty(started("running") + "/resume").refused(409, "wrong-state");
  }
}
