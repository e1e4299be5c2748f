package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.JsonValues;
import dev.holdfast.core.Limits;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Bad input is refused with its reason and never reaches the state. */
class RefusalsTest {
  private static final String EXECUTIONS = "/v1/executions";
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  @BeforeAll
  static void start() {
    api.apply("refusing", "name: refusing\ntasks:\n  only: { agent: refusing }\n").is(201);
  }

  @Test
  void brokenJsonIsRefusedWithItsPosition() {
    var refused =
        api.post(EXECUTIONS, "{\"definition\": \"refusing\",\n  \"input\": {,}}")
            .refused(400, "malformed-json");
    JsonNode error = refused.json().get("errors").get(0);
    assertThat(error.get("line").asInt()).isEqualTo(2);
    assertThat(error.get("column").asInt()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "\"text\"",
        "{\"definition\":\"refusing\"} {}",
        "{\"definition\":\"refusing\",\"definition\":\"refusing\"}",
        "{\"definition\":\"refusing\",\"input\":99999999999999999999}",
        "{\"definition\":\"refusing\",\"input\":NaN}",
        "{\"definition\":\"refusing\""
      })
  void whatIsNotOneJsonObjectIsRefused(String body) {
    api.post(EXECUTIONS, body).refused(400, "malformed-json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"definition\":7}",
        "{\"definition\":\"refusing\",\"priority\":10}",
        "{\"definition\":\"refusing\",\"priority\":1.5}",
        "{\"definition\":\"refusing\",\"version\":0}",
        "{\"definition\":\"refusing\",\"id\":\"with space\"}",
        "{\"definition\":\"refusing\",\"id\":\"-dash\"}",
        "{\"definition\":\"refusing\",\"timeout\":\"soon\"}",
        "{\"definition\":\"refusing\",\"timeout\":\"0s\"}",
        "{\"definition\":\"refusing\",\"timeout\":\"9999d\"}",
        "{\"definition\":\"refusing\",\"attributes\":{\"a\":1}}",
        "{\"definition\":\"refusing\",\"attributes\":[]}"
      })
  void fieldsOutOfTheirRangeAreRefused(String body) {
    api.post(EXECUTIONS, body).refused(400, "invalid-request");
  }

  @Test
  void everyWrongFieldIsNamedAtOnce() {
    var refused =
        api.post(EXECUTIONS, "{\"defintion\":\"refusing\",\"priority\":-1}")
            .refused(400, "invalid-request");
    assertThat(refused.json().get("errors"))
        .extracting(error -> error.get("path").asString())
        .containsExactlyInAnyOrder("defintion", "definition", "priority");
  }

  @Test
  void valuesMayBeNestedToTheLimitAndNoDeeper() {
    api.post(EXECUTIONS, nested(JsonValues.DEPTH_MAX)).is(201);
    api.post(EXECUTIONS, nested(JsonValues.DEPTH_MAX + 1)).refused(400, "nested-too-deep");
    api.post(EXECUTIONS, nested(100_000)).refused(400, "nested-too-deep");
  }

  private static String nested(int levels) {
    return "{\"definition\":\"refusing\",\"input\":"
        + "[".repeat(levels)
        + "]".repeat(levels)
        + '}';
  }

  @Test
  void whatStandsBesideAnInputMayBeOneMebibyteAndNoMore() {
    api.post(EXECUTIONS, withInput("x".repeat(5 << 20))).is(201);
    String large = withInput("1").replace("{", "{\"session\":\"" + "x".repeat(2 << 20) + "\",");
    api.post(EXECUTIONS, large).refused(413, "body-too-large");
    api.get("/health/ready").is(200);
  }

  private static String withInput(String text) {
    return "{\"definition\":\"refusing\",\"input\":\"" + text + "\"}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/yaml"})
  void otherMediaTypesAreRefused(String type) {
    api.send("POST", EXECUTIONS, type, "{\"definition\":\"refusing\"}")
        .refused(415, "unsupported-media-type");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/nothing, not-found",
    "/, not-found",
    "/v1/executions/nobody, execution-not-found",
    "/v1/executions/nobody/history, execution-not-found",
    "/v1/executions/nobody/events, execution-not-found",
    "/v1/executions/nobody/checkpoints, not-found",
    "/v1/workflows, not-found",
    "/v1/definitions/nobody, definition-not-found"
  })
  void whatDoesNotExistIsNotFound(String path, String code) {
    var refused = api.get(path).refused(404, code);
    assertThat(refused.text("/instance")).isEqualTo(path);
    assertThat(refused.text("/type")).isEqualTo("urn:holdfast:problem:" + code);
    assertThat(refused.json().get("status").asInt()).isEqualTo(404);
  }

  @Test
  void commandsToUnknownExecutionsAndDefinitionsAreNotFound() {
    for (String command : new String[] {"pause", "resume", "cancel", "retry", "repair"}) {
      api.postEmpty("/v1/executions/nobody/" + command).refused(404, "execution-not-found");
    }
    api.post(EXECUTIONS, "{\"definition\":\"nobody\"}").refused(404, "definition-not-found");
    api.post(EXECUTIONS, "{\"definition\":\"refusing\",\"version\":9}")
        .refused(404, "definition-not-found");
    api.post("/v1/executions/nobody/tasks/y/approve", "{\"approved\":true}")
        .refused(404, "execution-not-found");
    api.post("/v1/executions/nobody/signals/y", "{}").refused(404, "execution-not-found");
    api.postEmpty("/v1/executions/x/checkpoints").refused(404, "not-found");
  }

  @Test
  void otherMethodsAreRefusedWithThoseThatAreTaken() {
    var refused = api.send("DELETE", EXECUTIONS, "application/json", "");
    refused.refused(405, "method-not-allowed");
    assertThat(refused.header("Allow")).contains("GET").contains("POST");
  }

  @Test
  void tokensThatAreNoneUnknownOrStaleAreRefused() {
    api.postEmpty("/v1/tasks/nonsense/complete").refused(400, "invalid-token");
    api.postEmpty("/v1/tasks/nobody~only~1~abc/complete").refused(404, "execution-not-found");
    api.start("refusing");
    JsonNode task = api.take("refusing");
    String token = task.get("token").asString();
    String other = token.substring(0, token.lastIndexOf('~') + 1) + "1";
    api.postEmpty("/v1/tasks/" + other + "/complete").refused(409, "stale-attempt");
    api.complete(task, "1").is(204);
    api.post("/v1/tasks/" + token + "/fail", "{\"error\":{\"type\":\"late\"}}")
        .refused(409, "stale-attempt");
  }

  @Test
  void resultsOfLaterIssuesAndWrongResultsAreRefused() {
    api.start("refusing");
    String path = "/v1/tasks/" + api.take("refusing").get("token").asString();
    api.post(path + "/complete", "{\"spawn\":[{\"id\":\"a\"}]}").refused(400, "invalid-request");
    api.post(path + "/complete", "{\"spawn\":[7]}").refused(400, "invalid-request");
    api.post(path + "/complete", "{\"spawn\":[{\"id\":\"a\",\"agent\":\"x\",\"when\":\"\"}]}")
        .refused(400, "invalid-request");
    api.post(path + "/complete", "{\"result\":1}").refused(400, "invalid-request");
    api.post(path + "/complete", "{\"pause\":true}").refused(400, "invalid-request");
    api.post(path + "/fail", "{}").refused(400, "invalid-request");
    api.post(path + "/fail", "{\"error\":{\"message\":\"no type\"}}")
        .refused(400, "invalid-request");
    api.post(path + "/fail", "{\"error\":{\"type\":\"x\"},\"retryAfter\":\"-1s\"}")
        .refused(400, "invalid-request");
    api.post(path + "/heartbeat", "{\"progress\":\"half\"}").refused(400, "invalid-request");
    api.postEmpty(path + "/complete").is(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"worker\":\"w\"}",
        "{\"worker\":\"w\",\"agents\":[]}",
        "{\"worker\":\"w\",\"agents\":[1]}",
        "{\"worker\":\"w\",\"agents\":[\"a\"],\"max\":0}",
        "{\"worker\":\"w\",\"agents\":[\"a\"],\"max\":1001}",
        "{\"worker\":\"w\",\"agents\":[\"a\"],\"wait\":\"long\"}",
        "{\"worker\":\"w\",\"agents\":[\"a\"],\"labels\":\"eu\"}"
      })
  void wrongPollsAreRefused(String body) {
    api.post("/v1/tasks/poll", body).refused(400, "invalid-request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?status=BUSY",
        "?limit=0",
        "?limit=1001",
        "?limit=ten",
        "?from=yesterday",
        "?stauts=RUNNING",
        "?limit=1&limit=2"
      })
  void wrongFiltersAreRefused(String query) {
    api.get(EXECUTIONS + query).refused(400, "invalid-request");
  }

  @Test
  void aCursorThatWasNotGivenOutIsRefused() {
    api.get(EXECUTIONS + "?cursor=nonsense").refused(400, "invalid-request");
  }

  @Test
  void wrongTenantsAndActorsAreRefused() {
    api.get(EXECUTIONS, "X-Holdfast-Tenant", "No Such/Tenant").refused(400, "invalid-request");
    api.start("refusing");
    api.postEmpty(
            "/v1/executions/x/pause", "X-Holdfast-Actor", "a".repeat(Limits.LABEL_CHARS_MAX + 1))
        .refused(400, "invalid-request");
  }

  @Test
  void wrongControlsAreRefused() {
    String execution = "/v1/executions/" + api.start("refusing");
    api.post(execution + "/pause", "{\"mode\":\"gentle\"}").refused(400, "invalid-request");
    api.post(execution + "/resume", "{\"force\":\"yes\"}").refused(400, "invalid-request");
    api.post(execution + "/cancel", "{\"why\":\"x\"}").refused(400, "invalid-request");
    api.get(execution + "?wait=soon").refused(400, "invalid-request");
  }
}
