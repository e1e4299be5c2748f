package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.core.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class ScheduleCallsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String NOBODY = "name: parked\ntasks: { only: { agent: nobody } }\n";
  private static final String QUICK =
      "name: quick\ntasks: { only: { delay: 1ms, input: { at: '${execution.scheduledAt}' } } }\n";
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  @BeforeAll
  static void start() {
    api.apply("parked", NOBODY).is(201);
    api.apply("quick", QUICK).is(201);
  }

  private static Api.Answer put(String name, String yaml, String... headers) {
    return api.send("PUT", "/v1/schedules/" + name, "application/yaml", yaml, headers);
  }

  private static List<String> names(JsonNode items, String field) {
    var names = new ArrayList<String>();
    items.forEach(item -> names.add(item.get(field).asString()));
    return names;
  }

  @Test
  void eachTimeIsCarriedOutByOneExecution() {
    put("each-second", "cron: '* * * * * *'\ndefinition: quick\noverlap: queue\n").is(201);
    String path = "/v1/schedules/each-second";
    await().atMost(SOON).until(() -> api.get(path).json().get("begun").asInt() >= 3);
    api.postEmpty(path + "/pause").is(200);
    await().atMost(SOON).until(() -> !api.get(path).json().has("running"));
    JsonNode schedule = api.get(path).is(200).json();
    assertThat(schedule.get("status").asString()).isEqualTo("PAUSED");
    assertThat(schedule.get("upcoming")).isEmpty();
    JsonNode listed =
        api.get("/v1/executions?attr.schedule=each-second&limit=1000").json().get("items");
    List<String> ids = names(listed, "id");
    assertThat(new HashSet<>(ids)).hasSize(ids.size());
    assertThat(names(schedule.get("recent"), "execution")).hasSameElementsAs(ids);
    String newest = schedule.at("/recent/0/execution").asString();
    JsonNode execution = api.get("/v1/executions/" + newest.replace("/", "%2F")).is(200).json();
    assertThat(execution.at("/scheduled/by").asString()).isEqualTo("each-second");
    String at = execution.at("/scheduled/at").asString();
    assertThat(newest).isEqualTo("each-second/" + at);
    assertThat(execution.at("/output/only/at").asString()).isEqualTo(at);
    assertThat(execution.has("parent")).isFalse();
    JsonNode history = api.get(path + "/history?limit=1000").is(200).json().get("items");
    assertThat(names(history, "type"))
        .startsWith("ExecutionStarted", "ScheduleSet", "TimesCame", "FiringBegan")
        .contains("FiringEnded", "ScheduleSwitched");
    api.delete(path).is(204);
  }

  @Test
  void whatIsPutTwiceIsOneSchedule() {
    String spec = "cron: '0 0 1 1 *'\ndefinition: parked\nname: yearly\ninput: { n: 1 }\n";
    var created = put("yearly", spec).is(201);
    assertThat(created.header("Location")).isEqualTo("/v1/schedules/yearly");
    assertThat(created.json().get("revision").asInt()).isEqualTo(1);
    JsonNode same = put("yearly", spec).is(200).json();
    assertThat(same.get("seq")).isEqualTo(created.json().get("seq"));
    JsonNode json =
        api.send(
                "PUT",
                "/v1/schedules/yearly",
                "application/json",
                "{\"cron\":\"0 0 1 1 *\",\"definition\":\"parked\",\"input\":{\"n\":2}}")
            .is(200)
            .json();
    assertThat(json.get("revision").asInt()).isEqualTo(2);
    assertThat(json.at("/input/n").asInt()).isEqualTo(2);
    assertThat(json.get("upcoming")).hasSize(5);
    assertThat(Instant.parse(json.at("/upcoming/0").asString())).isAfter(Instant.now());
    api.delete("/v1/schedules/yearly").is(204);
    api.delete("/v1/schedules/yearly").refused(404, "schedule-not-found");
    api.get("/v1/schedules/yearly").refused(404, "schedule-not-found");
    assertThat(put("yearly", spec).is(201).json().get("revision").asInt()).isEqualTo(1);
    api.delete("/v1/schedules/yearly").is(204);
  }

  @Test
  void badContentIsRefusedWithTheFieldsNamed() {
    put("bad", "cron: '61 * * * *'\ndefinition: nobody-knows\nzone: Mars\ncatchUp: 90d\n")
        .refused(422, "invalid-schedule");
    var refused =
        put("bad", "cron: '61 * * * *'\ndefinition: nobody-knows\nzone: Mars\ncatchUp: 90d\n");
    assertThat(names(refused.json().get("errors"), "path"))
        .containsExactlyInAnyOrder("cron", "zone", "catchUp", "definition");
    assertThat(refused.response().body()).contains("not in range [0, 59]", "PT744H");
    put("bad", "definition: parked\noverlap: maybe\n").refused(400, "invalid-request");
    put("bad", "cron: '* * * * *'\ndefinition: parked\nname: other\n")
        .refused(400, "invalid-request");
    put("Bad", "cron: '* * * * *'\ndefinition: parked\n").refused(400, "invalid-request");
    put("bad", "cron: '* * * * *'\ndefinition: parked\nversion: 7\n")
        .refused(422, "invalid-schedule");
    put("bad", "cron: [").refused(400, "invalid-request");
    put(
            "bad",
            "input: '"
                + "x".repeat(Limits.SCHEDULE_INPUT_BYTES_MAX)
                + "'\n"
                + "cron: '* * * * *'\ndefinition: parked\n")
        .refused(422, "invalid-schedule");
    api.get("/v1/schedules/bad").refused(404, "schedule-not-found");
    api.postEmpty("/v1/schedules/bad/pause").refused(404, "schedule-not-found");
    api.get("/v1/schedules/bad/history").refused(404, "schedule-not-found");
  }

  @Test
  void schedulesShowNowhereAmongExecutions() {
    put("hidden", "cron: '0 0 1 1 *'\ndefinition: parked\n").is(201);
    String id = "/v1/executions/_schedule%2Fhidden";
    api.get(id).refused(404, "execution-not-found");
    api.get(id + "/history").refused(404, "execution-not-found");
    api.get(id + "/events").refused(404, "execution-not-found");
    for (String verb : List.of("pause", "resume", "cancel", "retry", "repair", "signals/go")) {
      api.post(id + '/' + verb, "{}").refused(404, "execution-not-found");
    }
    api.post(id + "/tasks/only/approve", "{\"approved\":true}").refused(404, "execution-not-found");
    assertThat(api.get("/v1/executions?limit=1000").response().body()).doesNotContain("_schedule");
    assertThat(api.get("/v1/executions?definition=_schedule").json().get("items")).isEmpty();
    assertThat(api.get("/v1/definitions").response().body()).doesNotContain("_schedule");
    api.post("/v1/executions/pause", "{\"definition\":\"_schedule\"}");
    assertThat(api.get("/v1/schedules/hidden").text("/status")).isEqualTo("ACTIVE");
    api.post("/v1/executions", "{\"definition\":\"_schedule\"}")
        .refused(404, "definition-not-found");
    api.delete("/v1/schedules/hidden").is(204);
  }

  @Test
  void tenantsHaveSchedulesOfTheirOwn() {
    put("ours", "cron: '0 0 1 1 *'\ndefinition: parked\n").is(201);
    put("ours-too", "cron: '0 0 1 1 *'\ndefinition: parked\n").is(201);
    put("ours", "cron: '0 0 1 1 *'\ndefinition: parked\n", "X-Holdfast-Tenant", "acme")
        .refused(422, "invalid-schedule");
    api.get("/v1/schedules/ours", "X-Holdfast-Tenant", "acme").refused(404, "schedule-not-found");
    assertThat(api.get("/v1/schedules", "X-Holdfast-Tenant", "acme").json().get("items")).isEmpty();
    await()
        .atMost(SOON)
        .until(() ->
            names(api.get("/v1/schedules").json().get("items"), "name")
                .containsAll(List.of("ours", "ours-too")));
    var first = api.get("/v1/schedules?limit=1&cursor=ourr").json();
    assertThat(names(first.get("items"), "name")).containsExactly("ours");
    assertThat(first.get("nextCursor").asString()).isEqualTo("ours");
    api.delete("/v1/schedules/ours").is(204);
    api.delete("/v1/schedules/ours-too").is(204);
  }
}
