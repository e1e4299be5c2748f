package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class SignalCallsTest {
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  private static String started(String name, String task) {
    api.apply(name, "name: %1$s\ntasks:\n  ship: { %2$s }\n".formatted(name, task)).is(201);
    return "/v1/executions/" + api.start(name);
  }

  @Test
  void aSignalMovesTheTaskThatWaitsForIt() {
    String execution =
        started(
            "shipping",
            "agent: shipping, input: { sum: '${signal.sum}' }, waitFor: { signal: paid }");
    JsonNode waiting = api.get(execution).is(200).json();
    assertThat(waiting.at("/tasks/0/status").asString()).isEqualTo("PENDING");
    assertThat(waiting.at("/tasks/0/waitingFor").asString()).isEqualTo("signal: paid");
    var after = api.post(execution + "/signals/paid?id=s-1", "{\"sum\":12}").is(200).json();
    assertThat(after.at("/tasks/0/status").asString()).isEqualTo("READY");
    JsonNode task = api.take("shipping");
    assertThat(task.at("/input/sum").asInt()).isEqualTo(12);
    api.complete(task, "1").is(204);
    assertThat(api.get(execution + "?wait=10s").text("/status")).isEqualTo("COMPLETED");
    api.post(execution + "/signals/paid?id=s-1", "{\"sum\":12}").is(200);
    api.post(execution + "/signals/paid?id=s-2", "{}").refused(409, "wrong-state");
    JsonNode received = api.get(execution + "/history").is(200).json().get("items").get(2);
    assertThat(received.get("type").asString()).isEqualTo("SignalReceived");
    assertThat(received.at("/payload/sum").asInt()).isEqualTo(12);
  }

  @Test
  void aSignalIsKeptUntilATaskWaitsForIt() {
    String execution = started("kept", "delay: 200ms, waitFor: { signal: go, timeout: 1h }");
    var before = api.post(execution + "/signals/go?id=s-1", "{\"n\":1}").is(200).json();
    assertThat(before.at("/signals/0/name").asString()).isEqualTo("go");
    assertThat(before.at("/signals/0/id").asString()).isEqualTo("s-1");
    assertThat(
            api.post(execution + "/signals/go?id=s-1", "{\"n\":1}").is(200).json().get("signals"))
        .hasSize(1);
    var ended = api.get(execution + "?wait=10s").is(200).json();
    assertThat(ended.at("/status").asString()).isEqualTo("COMPLETED");
    assertThat(ended.at("/output/ship/n").asInt()).isEqualTo(1);
    assertThat(ended.has("signals")).isFalse();
  }

  @Test
  void aSignalThatDoesNotComeInTimeFailsTheTask() {
    String execution = started("late", "waitFor: { signal: go, timeout: 50ms }");
    var ended = api.get(execution + "?wait=10s").is(200).json();
    assertThat(ended.at("/status").asString()).isEqualTo("FAILED");
    assertThat(ended.at("/error/type").asString()).isEqualTo("signal-timeout");
  }

  @Test
  void aDelayPassesByItself() {
    String execution = started("delayed", "delay: 100ms");
    assertThat(api.get(execution).text("/tasks/0/waitingFor")).startsWith("timer: until ");
    assertThat(api.get(execution + "?wait=10s").text("/status")).isEqualTo("COMPLETED");
  }

  @Test
  void whatIsTooMuchOrMakesNoSenseIsRefused() {
    String execution = started("bounded", "waitFor: { signal: go }");
    String large = "{\"x\":\"" + "x".repeat(Limits.SIGNAL_BYTES_MAX) + "\"}";
    api.post(execution + "/signals/go", large).refused(422, "limit-exceeded");
    for (int i = 0; i < Limits.SIGNALS_KEPT_MAX; i++) {
      api.postEmpty(execution + "/signals/other").is(200);
    }
    assertThat(
            api.postEmpty(execution + "/signals/other")
                .refused(422, "limit-exceeded")
                .text("/detail"))
        .contains("SIGNALS_KEPT_MAX is 100");
    api.postEmpty(execution + "/signals/a%20b").refused(400, "invalid-request");
    api.postEmpty(execution + "/signals/go?idd=1").refused(400, "invalid-request");
    api.postEmpty("/v1/executions/nope/signals/go").refused(404, "execution-not-found");
    api.postEmpty(execution + "/signals/go").is(200);
    assertThat(api.get(execution + "?wait=10s").text("/status")).isEqualTo("COMPLETED");
  }
}
