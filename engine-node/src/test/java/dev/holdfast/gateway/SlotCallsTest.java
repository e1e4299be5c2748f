package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Concurrency keys, over HTTP. */
class SlotCallsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  private static void define(String name, String onLimit) {
    api.apply(
            name,
            """
            name: %1$s
            concurrencyKey: { key: "${input.customer}", onLimit: %2$s }
            tasks:
              work: { agent: %1$s }
            """
                .formatted(name, onLimit))
        .is(201);
  }

  private static Api.Answer begin(String name, String id) {
    return api.post(
        "/v1/executions",
        "{\"definition\":\"%s\",\"id\":\"%s\",\"input\":{\"customer\":\"acme\"}}"
            .formatted(name, id));
  }

  private static JsonNode view(String id) {
    return api.get("/v1/executions/" + id).is(200).json();
  }

  private static boolean holds(String id) {
    return view(id).at("/concurrency/held").asBoolean();
  }

  @Test
  void whoWaitsSaysWhatFor() {
    define("queued", "queue");
    begin("queued", "q1").is(201);
    await().atMost(SOON).until(() -> holds("q1"));
    begin("queued", "q2").is(201);
    JsonNode waiting = view("q2");
    assertThat(waiting.at("/status").asString()).isEqualTo("RUNNING");
    assertThat(waiting.at("/concurrency/key").asString()).isEqualTo("acme");
    assertThat(waiting.at("/concurrency/limit").asInt()).isEqualTo(1);
    assertThat(waiting.at("/concurrency/onLimit").asString()).isEqualTo("queue");
    assertThat(waiting.at("/concurrency/held").asBoolean()).isFalse();
    assertThat(waiting.at("/tasks/0/waitingFor").asString()).isEqualTo("concurrency key: acme");
    assertThat(api.get("/metrics").is(200).response().body())
        .contains("holdfast_concurrency_waiting 1.0");
    api.complete(api.take("queued"), "1").is(204);
    await().atMost(SOON).until(() -> holds("q2"));
    JsonNode history = api.get("/v1/executions/q2/history").is(200).json();
    assertThat(history.at("/items/1/type").asString()).isEqualTo("SlotAwaited");
    assertThat(history.at("/items/1/key").asString()).isEqualTo("acme");
    assertThat(history.at("/items/2/type").asString()).isEqualTo("SlotGranted");
    api.complete(api.take("queued"), "1").is(204);
  }

  @Test
  void whoFindsNoSlotIsRefused() {
    define("refused", "refuse");
    begin("refused", "r1").is(201);
    begin("refused", "r2").refused(409, "concurrency-limit");
    begin("refused", "r1").is(200);
    api.get("/v1/executions/r2").refused(404, "execution-not-found");
    api.complete(api.take("refused"), "1").is(204);
    await().atMost(SOON).until(() -> begin("refused", "r2").status() == 201);
  }

  @Test
  void inputWithoutAKeyIsRefused() {
    define("keyless", "queue");
    api.post("/v1/executions", "{\"definition\":\"keyless\",\"input\":{\"customer\":[]}}")
        .refused(422, "invalid-concurrency-key");
  }

  @Test
  void definitionIsCheckedWithItsPlaces() {
    api.apply("broken", "name: broken\nconcurrencyKey: '${tasks.a.output}'\ntasks: {a: {agent: x}}")
        .refused(422, "invalid-definition");
    api.apply(
            "broken",
            "name: broken\nconcurrencyKey: {key: k, onLimit: wait, limit: 0}\n"
                + "tasks: {a: {agent: x}}")
        .refused(422, "invalid-definition");
    api.apply("broken", "name: broken\nconcurrencyKey: {limit: 2}\ntasks: {a: {agent: x}}")
        .refused(422, "invalid-definition");
    api.apply("broken", "name: broken\nconcurrencyKey: [a]\ntasks: {a: {agent: x}}")
        .refused(422, "invalid-definition");
  }
}
