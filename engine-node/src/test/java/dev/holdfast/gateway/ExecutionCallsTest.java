package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class ExecutionCallsTest {
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  /** A definition whose tasks only its own test's agents take. */
  private static void one(String name) {
    api.apply(name, "name: " + name + "\ntasks:\n  only: { agent: " + name + " }\n").is(201);
  }

  @Test
  void anExecutionRunsFromStartToResult() {
    api.apply(
            "chain",
            """
            name: chain
            input: { type: object, required: [n] }
            tasks:
              first: { agent: chain-one, input: { twice: "${input.n * 2}" } }
              second: { agent: chain-two, needs: [first], input: "${tasks.first.output}" }
            output: "${tasks.second.output}"
            """)
        .is(201);
    var started =
        api.post(
                "/v1/executions",
                "{\"definition\":\"chain\",\"input\":{\"n\":21},\"session\":\"s1\",\"priority\":7}")
            .is(201);
    String id = started.text("/id");
    assertThat(started.header("Location")).isEqualTo("/v1/executions/" + id);
    assertThat(started.text("/status")).isEqualTo("RUNNING");

    JsonNode first = api.take("chain-one");
    assertThat(first.at("/input/twice").asInt()).isEqualTo(42);
    assertThat(first.get("execution").asString()).isEqualTo(id);
    assertThat(first.get("attempt").asInt()).isEqualTo(1);
    assertThat(Instant.parse(first.get("deadline").asString())).isAfter(Instant.now());

    var running = api.get("/v1/executions/" + id).is(200).json();
    assertThat(running.at("/progress/running").asInt()).isEqualTo(1);
    assertThat(running.at("/currentTasks/0").asString()).isEqualTo("first");
    assertThat(running.at("/tasks/0/worker").asString()).isEqualTo("w1");

    api.complete(first, "{\"x\":1}").is(204);
    api.complete(first, "{\"x\":1}").is(204);
    api.complete(api.take("chain-two"), "[1,2]").is(204);

    var ended = api.get("/v1/executions/" + id + "?wait=10s").is(200).json();
    assertThat(ended.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(ended.get("output").toString()).isEqualTo("[1,2]");
    assertThat(ended.at("/progress/percent").asInt()).isEqualTo(100);
    assertThat(ended.get("session").asString()).isEqualTo("s1");
    assertThat(ended.get("priority").asInt()).isEqualTo(7);
  }

  @Test
  void waitingIsAnsweredAsSoonAsTheExecutionEnds() {
    one("awaited");
    String id = api.start("awaited");
    JsonNode task = api.take("awaited");
    var waiting =
        java.util.concurrent.CompletableFuture.supplyAsync(
            () -> api.get("/v1/executions/" + id + "?wait=25s"));
    api.complete(task, "1").is(204);
    assertThat(waiting)
        .succeedsWithin(Duration.ofSeconds(10))
        .satisfies(answer -> assertThat(answer.text("/status")).isEqualTo("COMPLETED"));
  }

  @Test
  void waitingEndsWithTheStateAsItIs() {
    one("endless");
    String id = api.start("endless");
    assertThat(api.get("/v1/executions/" + id + "?wait=50ms").is(200).text("/status"))
        .isEqualTo("RUNNING");
  }

  @Test
  void theSameRequestAgainGivesTheSameExecution() {
    one("repeated");
    String request = "{\"definition\":\"repeated\",\"id\":\"order-1\",\"input\":{\"a\":1,\"b\":2}}";
    String reordered =
        "{\"input\":{\"b\":2,\"a\":1},\"id\":\"order-1\",\"definition\":\"repeated\"}";
    api.post("/v1/executions", request).is(201);
    assertThat(api.post("/v1/executions", reordered).is(200).text("/id")).isEqualTo("order-1");
    api.post("/v1/executions", request.replace("\"b\":2", "\"b\":3")).refused(409, "id-conflict");

    api.complete(api.take("repeated"), "null").is(204);
    api.get("/v1/executions/order-1?wait=10s").is(200);
    assertThat(api.post("/v1/executions", request).is(200).text("/status")).isEqualTo("COMPLETED");
  }

  @Test
  void inputThatDoesNotFitTheSchemaNeverReachesTheState() {
    api.apply(
            "strict",
            "name: strict\ninput: { type: object, required: [file] }\n"
                + "tasks:\n  only: { agent: a }\n")
        .is(201);
    var refused =
        api.post("/v1/executions", "{\"definition\":\"strict\",\"id\":\"bad\",\"input\":{}}")
            .refused(422, "invalid-input");
    assertThat(refused.json().get("errors").get(0).get("message").asString()).contains("file");
    api.get("/v1/executions/bad").refused(404, "execution-not-found");
  }

  @Test
  void historyIsPagedAndChained() {
    one("audited");
    String id = api.start("audited");
    api.complete(api.take("audited"), "1").is(204);
    api.get("/v1/executions/" + id + "?wait=10s").is(200);

    var seqs = new ArrayList<Long>();
    String path = "/v1/executions/" + id + "/history?limit=2";
    var page = api.get(path).is(200).json();
    while (true) {
      page.get("items").forEach(item -> seqs.add(item.get("seq").asLong()));
      if (!page.has("nextAfter")) {
        break;
      }
      page = api.get(path + "&after=" + page.get("nextAfter").asLong()).is(200).json();
    }
    assertThat(seqs).hasSizeGreaterThanOrEqualTo(5);
    for (int i = 0; i < seqs.size(); i++) {
      assertThat(seqs.get(i)).isEqualTo(i + 1);
    }
    var first = api.get(path).json().get("items").get(0);
    assertThat(first.get("type").asString()).isEqualTo("ExecutionStarted");
    assertThat(first.get("by").asString()).isEqualTo("anonymous");
    assertThat(api.get("/v1/executions/" + id + "/history").response().body())
        .doesNotContain("nonce");
    assertThat(api.get("/v1/executions/" + id + "/history?after=9999").is(200).json().get("items"))
        .isEmpty();
  }

  @Test
  void listsAreFilteredAndPagedNewestFirst() {
    one("listed");
    var ids = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      ids.add(
          api.post(
                  "/v1/executions",
                  "{\"definition\":\"listed\",\"session\":\"list\",\"attributes\":{\"even\":\""
                      + (i % 2 == 0)
                      + "\"}}")
              .is(201)
              .text("/id"));
    }
    var found = new ArrayList<String>();
    String path = "/v1/executions?definition=listed&session=list&limit=2";
    var page = api.get(path).is(200).json();
    while (true) {
      page.get("items").forEach(item -> found.add(item.get("id").asString()));
      if (!page.has("nextCursor")) {
        break;
      }
      page = api.get(path + "&cursor=" + page.get("nextCursor").asString()).is(200).json();
    }
    assertThat(found).containsExactlyElementsOf(ids.reversed());
    assertThat(idsOf("/v1/executions?definition=listed&attr.even=true")).hasSize(3);
    assertThat(idsOf("/v1/executions?definition=listed&status=COMPLETED")).isEmpty();
    assertThat(idsOf("/v1/executions?definition=listed&status=running")).hasSize(5);
    assertThat(idsOf("/v1/executions?definition=listed&from=2100-01-01T00:00:00Z")).isEmpty();
    assertThat(idsOf("/v1/executions?definition=listed&to=2100-01-01T00:00:00Z")).hasSize(5);
  }

  private static List<String> idsOf(String path) {
    var ids = new ArrayList<String>();
    api.get(path).is(200).json().get("items").forEach(item -> ids.add(item.get("id").asString()));
    return ids;
  }

  @Test
  void nothingOfOneTenantShowsInAnothers() {
    one("private");
    String id = api.start("private");
    String[] other = {"X-Holdfast-Tenant", "other"};
    api.get("/v1/executions/" + id, other).refused(404, "execution-not-found");
    api.get("/v1/definitions/private", other).refused(404, "definition-not-found");
    assertThat(api.get("/v1/executions", other).is(200).json().get("items")).isEmpty();
    var poll =
        api.post("/v1/tasks/poll", "{\"worker\":\"w\",\"agents\":[\"private\"]}", other).is(200);
    assertThat(poll.json().get("tasks")).isEmpty();
    JsonNode task = api.take("private");
    api.post("/v1/tasks/" + task.get("token").asString() + "/complete", "{}", other)
        .refused(404, "execution-not-found");
  }

  @Test
  void purgingCountsOrRemovesWhatEndedLongerAgo() {
    String[] tenant = {"X-Holdfast-Tenant", "purging"};
    String request = "{\"definition\":\"purged\",\"id\":\"old\"}";
    api.send(
            "PUT",
            "/v1/definitions/purged",
            "application/yaml",
            "name: purged\ntasks:\n  only: { agent: purged }\n",
            tenant)
        .is(201);
    api.post("/v1/executions", request, tenant).is(201);
    api.postEmpty("/v1/executions/old/cancel", tenant).is(200);

    assertThat(purged("{\"retentionDays\":1}", tenant)).isZero();
    assertThat(purged("{\"retentionDays\":0,\"dryRun\":true}", tenant)).isEqualTo(1);
    api.get("/v1/executions/old", tenant).is(200);
    assertThat(purged("{\"retentionDays\":0}", tenant)).isEqualTo(1);
    // An ended execution stays in memory for a moment longer.
    await().until(() -> api.get("/v1/executions/old", tenant).status() == 404);
    api.post("/v1/executions/purge", "{\"retentionDays\":-1}").refused(400, "invalid-request");
  }

  private static int purged(String request, String... tenant) {
    return api.post("/v1/executions/purge", request, tenant).is(200).json().get("purged").asInt();
  }

  @Test
  void heartbeatsShowInTheViewAndTellOfCancellation() {
    one("beating");
    String id = api.start("beating");
    JsonNode task = api.take("beating");
    String token = task.get("token").asString();
    var beat = api.post("/v1/tasks/" + token + "/heartbeat", "{\"progress\":0.5}").is(200);
    assertThat(beat.json().get("cancelled").asBoolean()).isFalse();
    assertThat(api.get("/v1/executions/" + id).json().at("/tasks/0/progress").asDouble())
        .isEqualTo(0.5);

    api.post("/v1/executions/" + id + "/cancel", "{\"reason\":\"enough\"}").is(200);
    beat = api.postEmpty("/v1/tasks/" + token + "/heartbeat").is(200);
    assertThat(beat.json().get("cancelled").asBoolean()).isTrue();
  }

  @Test
  void agentsThatPollAreListed() {
    api.post(
            "/v1/tasks/poll",
            "{\"worker\":\"seen\",\"agents\":[\"seen-cap\"],\"labels\":{\"region\":\"eu\"}}")
        .is(200);
    assertThat(api.get("/v1/agents").is(200).response().body())
        .contains("\"worker\":\"seen\"")
        .contains("\"region\":\"eu\"");
  }

  @Test
  void aReadyTaskSaysWhatItWaitsFor() {
    one("lonely");
    String id = api.start("lonely");
    assertThat(api.get("/v1/executions/" + id).json().at("/tasks/0/waitingFor").asString())
        .isEqualTo("agent: capability lonely");
  }

  @Test
  void aRepairDoesNoHarmAndOneOfNothingIsNotFound() {
    one("repaired");
    String id = api.start("repaired");
    var before = api.get("/v1/executions/" + id).json();
    node.engine.agents().withdraw(new ExecutionKey("default", id));

    var repair = api.post("/v1/executions/" + id + "/repair", "{}").is(200).json();
    assertThat(repair.at("/rederived/0").asString()).isEqualTo("task only was in no queue");
    assertThat(repair.get("changed").asBoolean()).isFalse();
    assertThat(repair.get("stuck").asBoolean()).isFalse();
    assertThat(repair.get("seq")).isEqualTo(before.get("seq"));

    var again = api.post("/v1/executions/" + id + "/repair", "{}").is(200).json();
    assertThat(again.get("rederived")).isEmpty();
    api.complete(api.take("repaired"), "1").is(204);
    assertThat(api.post("/v1/executions/" + id + "/repair", "{}").is(200).text("/status"))
        .isEqualTo("COMPLETED");
  }

  @Test
  void anExecutionSaysWhenItWillHaveEndedOnceItsTasksWereSeen() {
    one("timed");
    String first = api.start("timed");
    assertThat(api.get("/v1/executions/" + first).json().has("eta")).isFalse();
    api.complete(api.take("timed"), "1").is(204);

    String second = api.start("timed");
    // What was known is asked for again after a few seconds.
    await().until(() -> api.get("/v1/executions/" + second).json().has("eta"));
    var eta = api.get("/v1/executions/" + second).json().get("eta");
    assertThat(eta.get("basis").asString()).isEqualTo("1 sample");
    assertThat(eta.get("remainingMs").asLong()).isNotNegative();
    assertThat(eta.get("p90Ms").asLong()).isGreaterThanOrEqualTo(eta.get("p50Ms").asLong());
    assertThat(Instant.parse(eta.get("at").asString())).isAfter(Instant.EPOCH);

    api.postEmpty("/v1/executions/" + second + "/pause").is(200);
    assertThat(api.get("/v1/executions/" + second).json().get("eta").has("at")).isFalse();
    api.postEmpty("/v1/executions/" + second + "/cancel").is(200);
    assertThat(api.get("/v1/executions/" + second).json().has("eta")).isFalse();
  }
}
