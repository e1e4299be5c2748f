package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Results that add tasks, over HTTP. */
class SpawnCallsTest {
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  private static void apply(String name) {
    api.apply(
            name,
            """
            name: NAME
            tasks:
              plan: { agent: NAME-plan, spawn: { max: 3 } }
              write: { agent: NAME-write, needs: [plan], input: "${tasks.plan.spawned}" }
            output: "${ {'planned': tasks.plan.output, 'written': tasks.write.output} }"
            """
                .replace("NAME", name))
        .is(201);
  }

  private static Api.Answer complete(JsonNode task, String body) {
    return api.post("/v1/tasks/" + task.get("token").asString() + "/complete", body);
  }

  @Test
  void tasksOfAResultAreDoneBeforeWhatFollows() {
    apply("spawning");
    String id = api.start("spawning");
    String body =
        """
        {"output": "three", "spawn": [
          {"id": "look", "agent": "spawning-look", "input": {"q": "${not.an.expression}"}},
          {"id": "read", "agent": "spawning-read", "needs": ["look"]}]}
        """;
    JsonNode plan = api.take("spawning-plan");
    complete(plan, body).is(204);
    complete(plan, body).is(204);

    var shown = api.get("/v1/executions/" + id).is(200).json();
    assertThat(shown.at("/tasks").findValuesAsString("id"))
        .containsExactly("plan", "look", "read", "write");
    assertThat(shown.at("/tasks/2/of").asString()).isEqualTo("plan");
    assertThat(shown.at("/tasks/1/needs").toString()).isEqualTo("[\"plan\"]");
    assertThat(shown.at("/tasks/2/needs").toString()).isEqualTo("[\"look\"]");
    assertThat(shown.at("/tasks/3/needs").toString()).isEqualTo("[\"plan\",\"look\",\"read\"]");

    JsonNode look = api.take("spawning-look");
    assertThat(look.get("input").toString()).isEqualTo("{\"q\":\"${not.an.expression}\"}");
    api.complete(look, "\"seen\"").is(204);
    api.complete(api.take("spawning-read"), "7").is(204);
    JsonNode write = api.take("spawning-write");
    assertThat(write.get("input").toString()).isEqualTo("{\"look\":\"seen\",\"read\":7}");
    api.complete(write, "true").is(204);
    var ended = api.get("/v1/executions/" + id + "?wait=10s").is(200).json();
    assertThat(ended.get("output").toString())
        .isEqualTo("{\"planned\":\"three\",\"written\":true}");
    var history = api.get("/v1/executions/" + id + "/history?limit=1000").is(200).json();
    assertThat(history.get("items").toString())
        .contains("\"type\":\"TasksSpawned\",\"task\":\"plan\",\"spawned\":[{\"id\":\"look\"");
  }

  @Test
  void mistakesAreRefusedAndTheAttemptGoesOn() {
    apply("mistaken");
    String id = api.start("mistaken");
    JsonNode plan = api.take("mistaken-plan");
    assertThat(
            complete(plan, "{\"spawn\":[{\"id\":\"plan\",\"agent\":\"x\"}]}")
                .refused(422, "invalid-spawn")
                .json()
                .get("detail")
                .asString())
        .contains("there is a task 'plan' already");
    String task = "{\"id\":\"t%d\",\"agent\":\"x\"}";
    String four =
        String.join(
            ",", task.formatted(1), task.formatted(2), task.formatted(3), task.formatted(4));
    assertThat(
            complete(plan, "{\"spawn\":[" + four + "]}")
                .refused(422, "limit-exceeded")
                .json()
                .get("detail")
                .asString())
        .contains("spawn.max is 3");
    var shown = api.get("/v1/executions/" + id).is(200).json();
    assertThat(shown.at("/tasks/0/status").asString()).isEqualTo("RUNNING");
    complete(plan, "{\"spawn\":[]}").is(204);
    assertThat(api.take("mistaken-write").get("input").toString()).isEqualTo("{}");
  }
}
