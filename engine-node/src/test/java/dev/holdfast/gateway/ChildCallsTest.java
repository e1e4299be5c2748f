package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Tasks that other executions carry out, over HTTP. */
class ChildCallsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  private static void child(String name) {
    api.apply(
            name,
            """
            name: %1$s
            input: { type: object, required: [n] }
            tasks:
              work: { agent: %1$s, retry: { maxAttempts: 1 } }
            output: "${tasks.work.output}"
            """
                .formatted(name))
        .is(201);
  }

  /** Starts an execution whose task x is this. */
  private static String started(String name, String task) {
    api.apply(name, "name: %s\ntasks:\n  x: { %s }\n".formatted(name, task)).is(201);
    return api.start(name);
  }

  private static String path(String id) {
    return "/v1/executions/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  private static void fail(JsonNode task) {
    api.post(
            "/v1/tasks/" + task.at("/token").asString() + "/fail",
            "{\"error\":{\"type\":\"bad\",\"message\":\"no\"}}")
        .is(204);
  }

  private static JsonNode view(String id) {
    return api.get(path(id)).is(200).json();
  }

  private static void awaitStatus(String id, String status) {
    await().atMost(SOON).until(() -> api.get(path(id)).text("/status").equals(status));
  }

  private static void awaitChild(String id) {
    await().atMost(SOON).until(() -> api.get(path(id)).status() == 200);
  }

  @Test
  void theOutputOfAnExecutionOfItsOwnIsTheTasks() {
    child("settle-one");
    String id =
        started(
            "order-one", "workflow: settle-one, input: { n: 7 }, set: { sum: '${output.sum}' }");
    JsonNode task = api.take("settle-one");
    assertThat(task.at("/execution").asString()).isEqualTo(id + "/x");
    assertThat(task.at("/input/n").asInt()).isEqualTo(7);
    JsonNode parent = view(id);
    assertThat(parent.at("/tasks/0/status").asString()).isEqualTo("RUNNING");
    assertThat(parent.at("/tasks/0/workflow").asString()).isEqualTo("settle-one");
    assertThat(parent.at("/tasks/0/child").asString()).isEqualTo(id + "/x");
    assertThat(parent.at("/tasks/0/attempts/0/child").asString()).isEqualTo(id + "/x");
    JsonNode child = view(id + "/x");
    assertThat(child.at("/parent/id").asString()).isEqualTo(id);
    assertThat(child.at("/parent/task").asString()).isEqualTo("x");
    assertThat(child.at("/parent/attempt").asInt()).isEqualTo(1);
    api.complete(task, "{\"sum\":12}").is(204);
    JsonNode ended = api.get(path(id) + "?wait=20s").is(200).json();
    assertThat(ended.at("/status").asString()).isEqualTo("COMPLETED");
    assertThat(ended.at("/output/x/sum").asInt()).isEqualTo(12);
    assertThat(ended.at("/variables/sum").asInt()).isEqualTo(12);
    JsonNode history = api.get(path(id) + "/history").is(200).json().get("items");
    assertThat(history.get(2).get("type").asString()).isEqualTo("ChildStarted");
    assertThat(history.get(2).get("child").asString()).isEqualTo(id + "/x");
    assertThat(history.get(2).get("version").asInt()).isEqualTo(1);
    JsonNode first = api.get(path(id + "/x") + "/history").is(200).json().at("/items/0");
    assertThat(first.at("/parent/id").asString()).isEqualTo(id);
  }

  @Test
  void theVersionIsTheNewestWhenTheAttemptBeginsOrThePinnedOne() {
    child("settle-versions");
    api.apply("settle-versions", "name: settle-versions\ntasks: { work: { agent: newer } }")
        .is(201);
    String newest = started("order-newest", "workflow: settle-versions, input: { n: 1 }");
    awaitChild(newest + "/x");
    assertThat(view(newest + "/x").at("/version").asInt()).isEqualTo(2);
    String pinned =
        started("order-pinned", "workflow: settle-versions, version: 1, input: { n: 1 }");
    awaitChild(pinned + "/x");
    assertThat(view(pinned + "/x").at("/version").asInt()).isEqualTo(1);
  }

  @Test
  void whatCantBeStartedFailsTheTaskAtOnceAndSaysWhy() {
    String missing = started("order-missing", "workflow: nobody-knows");
    JsonNode ended = api.get(path(missing) + "?wait=20s").is(200).json();
    assertThat(ended.at("/status").asString()).isEqualTo("FAILED");
    assertThat(ended.at("/error/type").asString()).isEqualTo("child-not-started");
    assertThat(ended.at("/error/message").asString())
        .contains("no definition 'nobody-knows' is registered");
    child("settle-strict");
    String unfit = started("order-unfit", "workflow: settle-strict, input: { m: 1 }");
    assertThat(api.get(path(unfit) + "?wait=20s").text("/error/message"))
        .contains("its input does not fit");
    String other = started("order-other", "workflow: settle-strict, version: 9");
    assertThat(api.get(path(other) + "?wait=20s").text("/error/message")).contains("in version 9");
  }

  @Test
  void aFailedChildIsAFailedAttemptAndARetryHasAnother() {
    child("settle-failing");
    String id =
        started(
            "order-failing",
            "workflow: settle-failing, input: { n: 1 }, retry: { maxAttempts: 2, initial: 10ms }");
    fail(api.take("settle-failing"));
    JsonNode second = api.take("settle-failing");
    assertThat(second.at("/execution").asString()).isEqualTo(id + "/x/2");
    fail(second);
    JsonNode ended = api.get(path(id) + "?wait=20s").is(200).json();
    assertThat(ended.at("/status").asString()).isEqualTo("FAILED");
    assertThat(ended.at("/error/type").asString()).isEqualTo("bad");
    assertThat(ended.at("/error/message").asString()).isEqualTo("execution " + id + "/x/2: no");
    api.post(path(id) + "/retry", "{}").is(200);
    JsonNode third = api.take("settle-failing");
    assertThat(third.at("/execution").asString()).isEqualTo(id + "/x/3");
    api.complete(third, "1").is(204);
    assertThat(api.get(path(id) + "?wait=20s").text("/status")).isEqualTo("COMPLETED");
  }

  @Test
  void pauseAndResumeGoDownToChildrenAndTheirChildren() {
    child("settle-deep");
    api.apply(
            "settle-middle",
            "name: settle-middle\ntasks: { y: { workflow: settle-deep, input: { n: 1 } } }")
        .is(201);
    String id = started("order-deep", "workflow: settle-middle");
    awaitChild(id + "/x/y");
    api.post(path(id) + "/pause", "{\"mode\":\"immediate\",\"reason\":\"night\"}").is(200);
    awaitStatus(id + "/x/y", "PAUSED");
    awaitStatus(id, "PAUSED");
    assertThat(view(id + "/x").at("/pause/reason").asString()).contains("its parent " + id);
    api.post(path(id) + "/resume", "{}").is(200);
    awaitStatus(id + "/x/y", "RUNNING");
    awaitStatus(id + "/x", "RUNNING");
    api.post(path(id) + "/cancel", "{}").is(200);
    awaitStatus(id + "/x/y", "CANCELLED");
    awaitStatus(id + "/x", "CANCELLED");
  }

  @Test
  void aChildThatItsUserPausedIsNotResumedByItsParent() {
    child("settle-alone");
    String id = started("order-alone", "workflow: settle-alone, input: { n: 1 }");
    awaitChild(id + "/x");
    api.post(path(id + "/x") + "/pause", "{}").is(200);
    assertThat(view(id).at("/status").asString()).isEqualTo("RUNNING");
    api.post(path(id) + "/pause", "{}").is(200);
    awaitStatus(id, "PAUSED");
    api.post(path(id) + "/resume", "{}").is(200);
    await()
        .during(Duration.ofMillis(500))
        .atMost(SOON)
        .until(() -> view(id + "/x").at("/status").asString().equals("PAUSED"));
    api.post(path(id + "/x") + "/resume", "{\"force\":true}").is(200);
    api.complete(api.take("settle-alone"), "1").is(204);
    assertThat(api.get(path(id) + "?wait=20s").text("/status")).isEqualTo("COMPLETED");
  }

  @Test
  void aListIsCarriedOutByAnExecutionForEachItem() {
    child("settle-each");
    String id =
        started(
            "order-each",
            "workflow: settle-each, forEach: [7, 8, 9], concurrency: 2,"
                + " input: { n: '${item}' }, retry: { maxAttempts: 2, initial: 10ms }");
    awaitChild(id + "/x.0");
    awaitChild(id + "/x.1");
    JsonNode list = view(id);
    assertThat(list.at("/tasks").findValuesAsString("id"))
        .containsExactly("x", "x[0]", "x[1]", "x[2]");
    assertThat(list.at("/tasks/0/workflow").asString()).isEqualTo("settle-each");
    assertThat(list.at("/tasks/0/attempt").asInt()).isZero();
    assertThat(list.at("/tasks/1/workflow").asString()).isEqualTo("settle-each");
    assertThat(list.at("/tasks/1/child").asString()).isEqualTo(id + "/x.0");
    assertThat(list.at("/tasks/1/of").asString()).isEqualTo("x");
    assertThat(list.at("/tasks/3/status").asString()).isEqualTo("PENDING");
    JsonNode child = view(id + "/x.1");
    assertThat(child.at("/parent/id").asString()).isEqualTo(id);
    assertThat(child.at("/parent/task").asString()).isEqualTo("x[1]");
    assertThat(child.at("/input/n").asInt()).isEqualTo(8);
    JsonNode failed = api.take("settle-each");
    String item = failed.at("/execution").asString();
    fail(failed);
    awaitChild(item + "/2");
    for (int i = 0; i < 3; i++) {
      JsonNode task = api.take("settle-each");
      api.complete(task, task.at("/input/n").toString()).is(204);
    }
    JsonNode ended = api.get(path(id) + "?wait=20s").is(200).json();
    assertThat(ended.at("/status").asString()).isEqualTo("COMPLETED");
    assertThat(ended.at("/output/x").toString()).isEqualTo("[7,8,9]");
    assertThat(api.get(path(item) + "/history").is(200).json().at("/items/0/parent/id").asString())
        .isEqualTo(id);
  }

  @Test
  void pauseAndCancellationGoDownToAllExecutionsOfAList() {
    child("settle-all");
    String id =
        started("order-all", "workflow: settle-all, forEach: [1, 2], input: { n: '${item}' }");
    awaitStatus(id + "/x.0", "RUNNING");
    awaitStatus(id + "/x.1", "RUNNING");
    api.post(path(id) + "/pause", "{\"mode\":\"immediate\"}").is(200);
    awaitStatus(id + "/x.0", "PAUSED");
    awaitStatus(id + "/x.1", "PAUSED");
    awaitStatus(id, "PAUSED");
    api.post(path(id) + "/resume", "{\"force\":true}").is(200);
    awaitStatus(id + "/x.0", "RUNNING");
    awaitStatus(id + "/x.1", "RUNNING");
    api.post(path(id) + "/cancel", "{}").is(200);
    awaitStatus(id + "/x.0", "CANCELLED");
    awaitStatus(id + "/x.1", "CANCELLED");
  }

  @Test
  void anItemThatCantBeStartedFailsItsListAndSaysWhich() {
    child("settle-items");
    String id =
        started(
            "order-items",
            "workflow: settle-items, forEach: [{ n: 1 }, { m: 2 }], onParentClose: cancel");
    JsonNode ended = api.get(path(id) + "?wait=20s").is(200).json();
    assertThat(ended.at("/status").asString()).isEqualTo("FAILED");
    assertThat(ended.at("/error/type").asString()).isEqualTo("child-not-started");
    assertThat(ended.at("/error/message").asString())
        .startsWith("x[1]: execution " + id + "/x.1 can't be started: its input does not fit");
    awaitStatus(id + "/x.0", "CANCELLED");
    String none = started("order-none", "workflow: nobody-knows, forEach: []");
    assertThat(api.get(path(none) + "?wait=20s").json().at("/output/x").toString()).isEqualTo("[]");
  }

  @Test
  void anEndedParentsChildIsCancelledOrGoesOnAlone() {
    child("settle-left");
    String id =
        started("order-left", "workflow: settle-left, input: { n: 1 }, onParentClose: abandon");
    JsonNode task = api.take("settle-left");
    api.post(path(id) + "/cancel", "{}").is(200);
    assertThat(view(id + "/x").at("/status").asString()).isEqualTo("RUNNING");
    api.complete(task, "1").is(204);
    assertThat(api.get(path(id + "/x") + "?wait=20s").text("/status")).isEqualTo("COMPLETED");
    child("settle-gone");
    String other = started("order-gone", "workflow: settle-gone, input: { n: 1 }, timeout: 300ms");
    awaitStatus(other + "/x", "CANCELLED");
  }

  @Test
  void aCancelledChildFailsItsTask() {
    child("settle-stopped");
    String id =
        started(
            "order-stopped",
            "workflow: settle-stopped, input: { n: 1 }, retry: { maxAttempts: 1 }");
    awaitChild(id + "/x");
    api.post(path(id + "/x") + "/cancel", "{}").is(200);
    assertThat(api.get(path(id) + "?wait=20s").text("/error/type")).isEqualTo("child-cancelled");
  }

  @Test
  void aWorkflowThatBeginsItselfIsStoppedEightLevelsDown() {
    String id = started("order-endless", "workflow: order-endless, retry: { maxAttempts: 1 }");
    JsonNode ended = api.get(path(id) + "?wait=20s").is(200).json();
    assertThat(ended.at("/status").asString()).isEqualTo("FAILED");
    assertThat(ended.at("/error/message").asString()).contains("CHILD_DEPTH_MAX is 8");
  }

  @Test
  void idsOfChildrenAreNobodyElses() {
    child("settle-taken");
    api.post(
            "/v1/executions",
            "{\"definition\":\"settle-taken\",\"id\":\"a/b\",\"input\":{\"n\":1}}")
        .refused(400, "invalid-request");
    api.get("/v1/executions/" + "a%2Fb").refused(404, "execution-not-found");
    api.get("/v1/executions/" + "a%2F").refused(400, "invalid-request");
  }
}
