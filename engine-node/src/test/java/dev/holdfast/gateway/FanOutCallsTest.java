package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Tasks with {@code forEach}, over HTTP. */
class FanOutCallsTest {
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  private static void apply(String name, String more) {
    api.apply(
            name,
            """
            name: NAME
            tasks:
              lines:
                agent: NAME-line
                forEach: "${input.lines}"
                input: { line: "${item.text}", n: "${index}" }
                MORE
              sum: { agent: NAME-sum, needs: [lines], input: "${tasks.lines.output}" }
            output: "${tasks.lines.output}"
            """
                .replace("NAME", name)
                .replace("MORE", more))
        .is(201);
  }

  private static String start(String name, String lines) {
    return api.post(
            "/v1/executions",
            "{\"definition\":\"%s\",\"input\":{\"lines\":%s}}".formatted(name, lines))
        .is(201)
        .text("/id");
  }

  @Test
  void itemsAreTasksAndTheirOutputsAList() {
    apply("fan", "concurrency: 2");
    String id = start("fan", "[{\"text\":\"a\"},{\"text\":\"b\"},{\"text\":\"c\"}]");
    JsonNode first = api.take("fan-line");
    JsonNode second = api.take("fan-line");
    assertThat(first.get("task").asString()).isEqualTo("lines[0]");
    assertThat(first.get("input").toString()).isEqualTo("{\"line\":\"a\",\"n\":0}");
    assertThat(first.get("token").asString()).doesNotContain("[").contains("~lines.0~");

    var shown = api.get("/v1/executions/" + id).is(200).json();
    assertThat(shown.at("/progress/total").asInt()).isEqualTo(5);
    assertThat(shown.at("/tasks").findValuesAsString("id"))
        .containsExactly("lines", "lines[0]", "lines[1]", "lines[2]", "sum");
    assertThat(shown.at("/tasks/0/status").asString()).isEqualTo("RUNNING");
    assertThat(shown.at("/tasks/1/of").asString()).isEqualTo("lines");
    assertThat(shown.at("/tasks/3/status").asString()).isEqualTo("PENDING");
    assertThat(shown.at("/tasks/4/needs").toString()).isEqualTo("[\"lines\"]");

    api.complete(second, "\"B\"").is(204);
    api.complete(api.take("fan-line"), "\"C\"").is(204);
    api.complete(first, "\"A\"").is(204);
    JsonNode sum = api.take("fan-sum");
    assertThat(sum.get("input").toString()).isEqualTo("[\"A\",\"B\",\"C\"]");
    api.complete(sum, "3").is(204);
    var ended = api.get("/v1/executions/" + id + "?wait=10s").is(200).json();
    assertThat(ended.get("output").toString()).isEqualTo("[\"A\",\"B\",\"C\"]");
    assertThat(types(id)).contains("TaskExpanded", "TaskGathered");
  }

  private static List<String> types(String id) {
    var types = new ArrayList<String>();
    api.get("/v1/executions/" + id + "/history?limit=1000")
        .is(200)
        .json()
        .get("items")
        .forEach(item -> types.add(item.get("type").asString()));
    return types;
  }

  @Test
  void emptyListCompletesAtOnce() {
    apply("none", "");
    String id = start("none", "[]");
    api.complete(api.take("none-sum"), "0").is(204);
    var ended = api.get("/v1/executions/" + id + "?wait=10s").is(200).json();
    assertThat(ended.get("output").toString()).isEqualTo("[]");
  }

  @Test
  void tooManyItemsFailTheExecutionWithTheBoundsName() {
    apply("most", "maxItems: 1");
    String id = start("most", "[{\"text\":\"a\"},{\"text\":\"b\"}]");
    var failed = api.get("/v1/executions/" + id).is(200).json();
    assertThat(failed.get("status").asString()).isEqualTo("FAILED");
    assertThat(failed.at("/error/message").asString()).contains("maxItems is 1");
  }

  @Test
  void failedItemIsRetriedAndTheOthersKeepWhatTheyGave() {
    apply("again", "retry: { maxAttempts: 1 }");
    String id = start("again", "[{\"text\":\"a\"},{\"text\":\"b\"}]");
    JsonNode first = api.take("again-line");
    JsonNode second = api.take("again-line");
    api.complete(first, "\"A\"").is(204);
    api.post(
            "/v1/tasks/" + second.get("token").asString() + "/fail",
            "{\"error\":{\"type\":\"oops\",\"message\":\"no\"}}")
        .is(204);
    var failed = api.get("/v1/executions/" + id + "?wait=10s").is(200).json();
    assertThat(failed.at("/error/message").asString()).isEqualTo("lines[1]: no");
    api.post("/v1/executions/" + id + "/retry", "{\"task\":\"lines[1]\"}").is(200);
    JsonNode again = api.take("again-line");
    assertThat(again.get("task").asString()).isEqualTo("lines[1]");
    assertThat(again.get("attempt").asInt()).isEqualTo(2);
    api.complete(again, "\"B\"").is(204);
    assertThat(api.take("again-sum").get("input").toString()).isEqualTo("[\"A\",\"B\"]");
  }
}
