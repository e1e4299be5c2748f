package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.Api.Answer;
import dev.holdfast.grid.TestCluster;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Every call of the API gives the same answer whichever member it is sent to. */
@Timeout(120)
class AnyMemberTest {
  private static final int PLACES = 3;
  private static final List<TestNode> NODES = new ArrayList<>();
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = new TestCluster(PLACES);
    cluster.running().forEach(member -> NODES.add(new TestNode(member)));
  }

  @AfterAll
  static void stop() {
    NODES.forEach(TestNode::closeGateway);
    cluster.close();
  }

  private static Api api(int place) {
    return NODES.get(place).api;
  }

  private static void define(String name) {
    api(0)
        .apply(
            name,
            """
            name: %1$s
            tasks:
              a: { agent: %1$s, heartbeat: 20s, retry: { maxAttempts: 1 } }
            """
                .formatted(name))
        .is(201);
  }

  /** Starts an execution that one place owns by way of another. */
  private static String begin(int owner, int by, String definition) {
    String id = cluster.idOwnedBy(owner);
    String body = "{\"definition\":\"%s\",\"id\":\"%s\"}".formatted(definition, id);
    assertThat(api(by).post("/v1/executions", body).is(201).text("/id")).isEqualTo(id);
    return id;
  }

  private static void sameEverywhere(String path, int status) {
    Answer first = api(0).get(path).is(status);
    for (int place = 1; place < PLACES; place++) {
      JsonNode other = api(place).get(path).is(status).json();
      assertThat(other).as("%s of place %s", path, place).isEqualTo(first.json());
    }
  }

  @Test
  void definitionsAreTheSameEverywhere() {
    define("known");
    for (int place = 0; place < PLACES; place++) {
      api(place).apply("known", "name: known\ntasks:\n  a: { agent: other }\n");
      api(place).get("/v1/definitions/known?version=2").is(200);
      api(place).send("POST", "/v1/definitions/validate", "application/yaml", "name: 1").is(422);
      api(place).get("/v1/definitions/unknown").refused(404, "definition-not-found");
    }
    sameEverywhere("/v1/definitions/known", 200);
    sameEverywhere("/v1/definitions", 200);
  }

  @Test
  void resultsThatAddTasksReachTheOwnerByEveryMember() {
    api(0)
        .apply("grows", "name: grows\ntasks:\n  a: { agent: grows, spawn: { max: 1 } }\n")
        .is(201);
    for (int owner = 0; owner < PLACES; owner++) {
      String id = begin(owner, owner, "grows");
      JsonNode task = api(owner).take("grows");
      String spawn = "{\"spawn\":[{\"id\":\"b\",\"agent\":\"grown\",\"input\":{\"n\":1}}]}";
      api((owner + 1) % PLACES)
          .post("/v1/tasks/" + task.get("token").asString() + "/complete", spawn)
          .is(204);
      sameEverywhere("/v1/executions/" + id, 200);
      JsonNode grown = api(owner).take("grown");
      assertThat(grown.get("input").toString()).isEqualTo("{\"n\":1}");
      api((owner + 2) % PLACES).complete(grown, "2").is(204);
      var ended = api(owner).get("/v1/executions/" + id + "?wait=10s").is(200).json();
      assertThat(ended.get("output").toString()).isEqualTo("{\"b\":2}");
    }
  }

  @Test
  void startsAreRecognisedByEveryMember() {
    define("twice");
    for (int owner = 0; owner < PLACES; owner++) {
      String id = begin(owner, (owner + 1) % PLACES, "twice");
      String same = "{\"definition\":\"twice\",\"id\":\"%s\"}".formatted(id);
      String other = "{\"definition\":\"twice\",\"id\":\"%s\",\"priority\":9}".formatted(id);
      for (int place = 0; place < PLACES; place++) {
        api(place).post("/v1/executions", same).is(200);
        api(place).post("/v1/executions", other).refused(409, "id-conflict");
      }
    }
  }

  @Test
  void executionsAreShownByEveryMemberLiveAndEnded() {
    define("shown");
    for (int owner = 0; owner < PLACES; owner++) {
      String id = begin(owner, (owner + 1) % PLACES, "shown");
      String path = "/v1/executions/" + id;
      JsonNode task = api((owner + 2) % PLACES).take("shown");
      assertThat(task.get("execution").asString()).isEqualTo(id);
      String token = "/v1/tasks/" + task.get("token").asString();
      for (int place = 0; place < PLACES; place++) {
        api(place).post(token + "/heartbeat", "{\"progress\":0.25}").is(200);
        assertThat(api(place).get(path).is(200).json().at("/tasks/0/progress").asDouble())
            .isEqualTo(0.25);
      }
      sameEverywhere(path, 200);
      sameEverywhere(path + "/history", 200);
      sameEverywhere(path + "/history?after=2&limit=1", 200);
      api((owner + 1) % PLACES).post(token + "/complete", "{\"output\":{\"n\":1}}").is(204);
      for (int place = 0; place < PLACES; place++) {
        assertThat(api(place).get(path + "?wait=20s").is(200).text("/status"))
            .isEqualTo("COMPLETED");
        api(place).post(token + "/complete", "{\"output\":{\"n\":1}}").is(204);
        api(place)
            .post(token + "/fail", "{\"error\":{\"type\":\"x\"}}")
            .refused(409, "stale-attempt");
        assertThat(api(place).post(token + "/heartbeat", "{}").is(200).json().at("/cancelled"))
            .hasToString("true");
        api(place).post(path + "/pause", "{}").refused(409, "wrong-state");
      }
      sameEverywhere(path, 200);
      sameEverywhere(path + "/history", 200);
    }
    sameEverywhere("/v1/executions/nobody-has-this", 404);
    sameEverywhere("/v1/executions/nobody-has-this/history", 404);
  }

  @Test
  void executionsAreControlledByEveryMember() {
    define("steered");
    for (int owner = 0; owner < PLACES; owner++) {
      String id = begin(owner, owner, "steered");
      String path = "/v1/executions/" + id;
      int other = (owner + 1) % PLACES;
      int third = (owner + 2) % PLACES;
      assertThat(api(other).post(path + "/pause", "{\"reason\":\"why\"}").is(200).text("/status"))
          .isEqualTo("PAUSED");
      assertThat(api(third).post(path + "/resume", "{\"force\":true}").is(200).text("/status"))
          .isEqualTo("RUNNING");
      JsonNode task = api(other).take("steered");
      api(third)
          .post(
              "/v1/tasks/" + task.get("token").asString() + "/fail",
              "{\"error\":{\"type\":\"broken\"},\"retryable\":false}")
          .is(204);
      assertThat(api(other).get(path + "?wait=20s").is(200).text("/status")).isEqualTo("FAILED");
      assertThat(api(other).post(path + "/retry", "{}").is(200).text("/status"))
          .isEqualTo("RUNNING");
      assertThat(api(third).post(path + "/cancel", "{}").is(200).text("/status"))
          .isEqualTo("CANCELLED");
      api(other)
          .post("/v1/executions/nobody-has-this/cancel", "{}")
          .refused(404, "execution-not-found");
    }
  }

  @Test
  void anAgentOfAnyMemberIsKnownWhereverAResumeIsAskedFor() {
    define("met");
    for (int owner = 0; owner < PLACES; owner++) {
      String id = begin(owner, owner, "met");
      String path = "/v1/executions/" + id;
      int other = (owner + 1) % PLACES;
      int third = (owner + 2) % PLACES;
      api(owner).postEmpty(path + "/pause").is(200);
      if (owner == 0) {
        for (int place = 0; place < PLACES; place++) {
          Answer refused = api(place).postEmpty(path + "/resume").refused(409, "resume-refused");
          assertThat(refused.text("/reasons/0/code")).isEqualTo("no-agent");
        }
        api(other)
            .post("/v1/tasks/poll", "{\"worker\":\"w\",\"agents\":[\"met\"],\"wait\":\"0s\"}")
            .is(200);
      }
      assertThat(api(third).postEmpty(path + "/resume").is(200).text("/status"))
          .isEqualTo("RUNNING");
    }
  }

  @Test
  void listsAreTheSameEverywhereAndPurgedByAnyMember() {
    define("listed");
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 4 * PLACES; i++) {
      ids.add(begin(i % PLACES, (i + 1) % PLACES, "listed"));
    }
    sameEverywhere("/v1/executions?definition=listed&limit=100", 200);
    var listed = new TreeSet<String>();
    String cursor = "";
    int place = 0;
    do {
      String path = "/v1/executions?definition=listed&limit=5" + cursor;
      JsonNode page = api(place++ % PLACES).get(path).is(200).json();
      page.get("items").forEach(item -> assertThat(listed.add(item.get("id").asString())).isTrue());
      cursor = page.hasNonNull("nextCursor") ? "&cursor=" + page.get("nextCursor").asString() : "";
    } while (!cursor.isEmpty());
    assertThat(listed).containsExactlyInAnyOrderElementsOf(ids);
    api(1).get("/v1/executions?cursor=wrong").refused(400, "invalid-request");

    String tenant = "X-Holdfast-Tenant";
    api(0)
        .send(
            "PUT",
            "/v1/definitions/old",
            "application/yaml",
            "name: old\ntasks:\n  a: { agent: old }\n",
            tenant,
            "purged")
        .is(201);
    for (int i = 0; i < PLACES; i++) {
      String id =
          api(i)
              .post("/v1/executions", "{\"definition\":\"old\"}", tenant, "purged")
              .is(201)
              .text("/id");
      api(i).post("/v1/executions/" + id + "/cancel", "{}", tenant, "purged").is(200);
    }
    String all = "{\"retentionDays\":0,\"dryRun\":%s}";
    for (int i = 0; i < PLACES; i++) {
      assertThat(
              api(i)
                  .post("/v1/executions/purge", all.formatted(true), tenant, "purged")
                  .is(200)
                  .json()
                  .get("purged")
                  .asInt())
          .isEqualTo(PLACES);
    }
    api(2).post("/v1/executions/purge", all.formatted(false), tenant, "purged").is(200);
    for (int i = 0; i < PLACES; i++) {
      assertThat(api(i).get("/v1/executions", tenant, "purged").is(200).json().get("items"))
          .isEmpty();
    }
  }

  @Test
  void streamsOfEveryMemberHaveAllEventsInOrder() {
    define("streamed");
    for (int owner = 0; owner < PLACES; owner++) {
      String id = begin(owner, owner, "streamed");
      var streams = new ArrayList<Api.Sse>();
      for (int place = 0; place < PLACES; place++) {
        streams.add(api(place).stream("/v1/executions/" + id + "/events"));
      }
      api(0).complete(api(1).take("streamed"), "1").is(204);
      for (Api.Sse stream : streams) {
        List<Api.Sse.Event> events = stream.rest();
        for (int i = 0; i < events.size(); i++) {
          assertThat(events.get(i).id()).isEqualTo(Integer.toString(i + 1));
        }
        assertThat(events.getLast().type()).isEqualTo("ExecutionCompleted");
        stream.close();
      }
    }
  }

  @Test
  void tenantsEventsOfAllMembersCanBeReadOnEach() {
    String[] tenant = {"X-Holdfast-Tenant", "watched"};
    api(0)
        .send(
            "PUT",
            "/v1/definitions/seen",
            "application/yaml",
            "name: seen\ntasks:\n  a: { agent: seen }\n",
            tenant)
        .is(201);
    var streams = new ArrayList<Api.Sse>();
    for (int place = 0; place < PLACES; place++) {
      streams.add(api(place).stream("/v1/events", tenant));
    }
    Set<String> started = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      started.add(
          api(i % PLACES)
              .post("/v1/executions", "{\"definition\":\"seen\"}", tenant)
              .is(201)
              .text("/id"));
    }
    for (Api.Sse stream : streams) {
      var seen = new HashSet<String>();
      while (!seen.equals(started)) {
        Api.Sse.Event event = stream.next();
        assertThat(event).isNotNull();
        assertThat(event.type()).isNotEqualTo("gap");
        if (event.type().equals("ExecutionStarted")) {
          seen.add(event.id().substring(0, event.id().lastIndexOf(':')));
        }
      }
      stream.close();
    }
  }

  @Test
  void operationsAreAnsweredByEveryMember() {
    define("asked");
    api(1).post("/v1/tasks/poll", "{\"worker\":\"w9\",\"agents\":[\"asked\"]}").is(200);
    for (int place = 0; place < PLACES; place++) {
      assertThat(
              api(place).get("/v1/agents").is(200).json().at("/items").findValuesAsString("worker"))
          .contains("w9");
      assertThat(api(place).get("/v1/cluster").is(200).json().get("members")).hasSize(PLACES);
      api(place).get("/health/live").is(200);
      api(place).get("/health/ready").is(200);
      api(place).get("/openapi.json").is(200);
    }
  }
}
