package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.Api.Answer;
import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.GridSettings;
import dev.holdfast.grid.blob.BlobSettings;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Outputs and inputs above the limit travel by reference. */
class LargeDataCallsTest {
  private static final int LIMIT = 64 << 10;
  private static final long BLOB_MAX = 4 << 20;
  private static TestNode node;
  private static Api api;

  @BeforeAll
  static void open() {
    node =
        new TestNode(
            new GridEngine(
                GridSettings.of("large-" + UUID.randomUUID(), "test")
                    .blobs(new BlobSettings(LIMIT, BLOB_MAX, Duration.ofSeconds(2), Duration.ZERO))
                    .build(),
                new MemoryStateStore(),
                InstantSource.system()));
    api = node.api;
    api.apply(
            "pass",
            """
            name: pass
            tasks:
              make: { agent: maker }
              use: { agent: user, needs: [make], input: { report: "${tasks.make.output}", n: 1 } }
            output: "${tasks.make.output}"
            """)
        .is(201);
    api.apply(
            "look",
            """
            name: look
            tasks:
              make: { agent: look-maker }
              use:
                agent: look-user
                needs: [make]
                input: { pages: "${tasks.make.output.pages}" }
            """)
        .is(201);
    api.apply("just", "name: just\ntasks: { a: { agent: just } }").is(201);
    api.apply(
            "strict",
            """
            name: strict
            input: { type: object, required: [file] }
            tasks: { a: { agent: strict } }
            """)
        .is(201);
  }

  @AfterAll
  static void close() {
    node.close();
  }

  /** A JSON object of so many bytes. */
  private static String json(int bytes) {
    return "{\"text\":\"" + "ä".repeat((bytes - 11) / 2) + "x".repeat((bytes - 11) % 2) + "\"}";
  }

  private static String reference(String content) {
    return "{\"$ref\":\"sha256:%s\",\"bytes\":%d,\"mediaType\":\"application/json\"}"
        .formatted(
            BlobCallsTest.sha256(content),
            content.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
  }

  @Test
  void anOutputAboveTheLimitTravelsByReference() {
    String id = api.start("pass");
    String large = json(2_000_000);
    api.complete(api.take("maker"), " " + large + "\n ").is(204);
    JsonNode task = api.take("user");
    assertThat(task.get("input").get("report").toString()).isEqualTo(reference(large));
    assertThat(task.get("input").get("n").asInt()).isEqualTo(1);
    Answer blob = api.get("/v1/blobs/" + BlobCallsTest.sha256(large)).is(200);
    assertThat(blob.response().body()).isEqualTo(large);
    assertThat(blob.header("Content-Type")).isEqualTo("application/json");
    api.complete(task, "null").is(204);
    JsonNode ended = api.get("/v1/executions/" + id + "?wait=10s").is(200).json();
    assertThat(ended.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(ended.get("output").toString()).isEqualTo(reference(large));
  }

  @Test
  void theLimitIsExact() {
    String id = api.start("just");
    String atLimit = json(LIMIT);
    api.complete(api.take("just"), atLimit).is(204);
    assertThat(api.get("/v1/executions/" + id).json().at("/tasks/0/output").has("text")).isTrue();
    String other = api.start("just");
    api.complete(api.take("just"), json(LIMIT + 1)).is(204);
    assertThat(api.get("/v1/executions/" + other).json().at("/tasks/0/output").has("$ref"))
        .isTrue();
  }

  @Test
  void aSecondReportOfTheSameResultChangesNothing() {
    api.start("just");
    JsonNode task = api.take("just");
    api.complete(task, json(100_000)).is(204);
    api.complete(task, json(100_000)).is(204);
  }

  @Test
  void moreThanABlobMayHaveIsRefusedAndTheAttemptGoesOn() {
    api.start("just");
    JsonNode task = api.take("just");
    Answer refused = api.complete(task, json((int) BLOB_MAX + 100)).refused(413, "body-too-large");
    assertThat(refused.text("/detail")).contains(Long.toString(BLOB_MAX));
    api.send("POST", "/v1/blobs", "text/plain", "x".repeat((int) BLOB_MAX + 1))
        .refused(413, "body-too-large");
    api.send("POST", "/v1/blobs", "text/plain", "x".repeat((int) BLOB_MAX)).is(201);
    api.complete(task, "1").is(204);
  }

  @Test
  void whatIsNoJsonIsRefusedWithItsPlace() {
    api.start("just");
    JsonNode task = api.take("just");
    String path = "/v1/tasks/" + task.get("token").asString() + "/complete";
    String text = "x".repeat(100_000);
    for (String broken :
        new String[] {
          "{\"output\":[\"" + text + "\",]}",
          "{\"output\":{\"a\":\"" + text + "\" \"b\":1}}",
          "{\"output\":\"" + text + "\\x\"}",
          "{\"output\":\"" + text + "\n\"}",
          "{\"output\":\"" + text + "\"} x",
          "{\"output\":\"" + text,
          "{\"output\":[\"" + text + "\",01]}",
          "{\"output\":[\"" + text + "\",tru]}",
          "{\"output\":[\"" + text + "\"],}"
        }) {
      Answer answer = api.post(path, broken).refused(400, "malformed-json");
      assertThat(answer.text("/detail")).contains("at byte 1000");
    }
    api.post(path, "{\"output\":\"" + text + "\",\"wrong\":1}").refused(400, "invalid-request");
    api.post(path, "{\"output\":\"" + text + "\",\"output\":1}").refused(400, "malformed-json");
    api.post(path, "{\"output\":" + "[".repeat(65) + '"' + text + '"' + "]".repeat(65) + '}')
        .refused(400, "nested-too-deep");
    api.post(path, "{\"spawn\":\"" + "x".repeat(1_200_000) + "\"}").refused(413, "body-too-large");
    api.complete(task, "1").is(204);
  }

  @Test
  void lookingInsideFailsTheTaskWithTheFieldsName() {
    String id = api.start("look");
    api.complete(api.take("look-maker"), json(100_000)).is(204);
    JsonNode ended = api.get("/v1/executions/" + id + "?wait=10s").is(200).json();
    assertThat(ended.get("status").asString()).isEqualTo("FAILED");
    assertThat(ended.at("/error/type").asString()).isEqualTo("expression-error");
    assertThat(ended.at("/error/message").asString())
        .contains("tasks.make.output.pages", "field 'pages' can't be read", "by reference");
  }

  @Test
  void anInputAboveTheLimitTravelsByReference() {
    String large = json(300_000);
    String start = "{\"definition\":\"just\",\"id\":\"large-input\",\"input\":" + large + '}';
    api.post("/v1/executions", start).is(201);
    api.post("/v1/executions", start).is(200);
    JsonNode task = api.take("just");
    assertThat(task.get("input").toString()).isEqualTo(reference(large));
    api.complete(task, "1").is(204);
  }

  @Test
  void anInputByReferenceIsHeldToTheSchema() {
    api.post("/v1/executions", "{\"definition\":\"strict\",\"input\":" + json(100_000) + '}')
        .refused(422, "invalid-input");
    String fits = "{\"file\":\"" + "x".repeat(100_000) + "\"}";
    api.post("/v1/executions", "{\"definition\":\"strict\",\"input\":" + fits + '}').is(201);
    Answer tooLarge =
        api.post(
                "/v1/executions",
                "{\"definition\":\"strict\",\"input\":{\"file\":\"" + "x".repeat(2 << 20) + "\"}}")
            .refused(422, "invalid-input");
    assertThat(tooLarge.text("/detail")).contains("can't be held to the definition's schema");
    String part = api.send("POST", "/v1/blobs", "application/pdf", "pdf").is(201).response().body();
    api.post("/v1/executions", "{\"definition\":\"strict\",\"input\":{\"file\":" + part + "}}")
        .is(201);
  }

  @Test
  void aReferenceToNothingIsRefusedNamingTheField() {
    String id = api.start("just");
    JsonNode task = api.take("just");
    String nothing = "{\"$ref\":\"sha256:" + "0".repeat(64) + "\"}";
    Answer refused =
        api.complete(task, "{\"a\":[1,{\"b\":" + nothing + "}]}").refused(422, "unknown-reference");
    assertThat(refused.text("/detail")).startsWith("output.a[1].b refers to sha256:000");
    Answer malformed =
        api.complete(task, "{\"$ref\":\"sha256:12\"}").refused(422, "unknown-reference");
    assertThat(malformed.text("/detail")).startsWith("output is no reference");
    // Any other $ref is plain data.
    api.complete(task, "{\"$ref\":\"#/defs/a\"}").is(204);
    assertThat(api.get("/v1/executions/" + id).json().at("/tasks/0/output/$ref").asString())
        .isEqualTo("#/defs/a");
  }

  @Test
  void blobsOfExecutionsStayAndOthersGoAfterAWhile() {
    String loose = api.send("POST", "/v1/blobs", "text/plain", "loose").is(201).text("/sha256");
    String id = api.start("just");
    String large = json(100_001);
    api.complete(api.take("just"), large).is(204);
    String used = "/v1/blobs/" + BlobCallsTest.sha256(large);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> api.get("/v1/blobs/" + loose).status() == 404);
    api.get(used).is(200);
    assertThat(api.get("/v1/executions/" + id).json().get("status").asString())
        .isEqualTo("COMPLETED");
    // The execution is removed, and with it what nobody else refers to.
    node.engine.records().purge("default", Instant.now().plusSeconds(1), false);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> api.get(used).status() == 404);
    assertThat(node.engine.blobKeeping().stats().removed()).isGreaterThanOrEqualTo(2);
  }
}
