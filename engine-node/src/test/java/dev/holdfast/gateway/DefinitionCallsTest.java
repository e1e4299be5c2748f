package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DefinitionCallsTest {
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  private static String definition(String name, String agent) {
    return "name: " + name + "\ntasks:\n  only: { agent: " + agent + " }\n";
  }

  @Test
  void theSameContentGivesTheSameVersionAndOtherContentTheNext() {
    var first = api.apply("versions", definition("versions", "a")).is(201);
    assertThat(first.json().get("version").asInt()).isEqualTo(1);
    assertThat(first.text("/name")).isEqualTo("versions");
    assertThat(first.text("/digest")).hasSize(64);

    var again = api.apply("versions", definition("versions", "a")).is(200);
    assertThat(again.json().get("version").asInt()).isEqualTo(1);

    var other = api.apply("versions", definition("versions", "b")).is(201);
    assertThat(other.json().get("version").asInt()).isEqualTo(2);
  }

  @Test
  void aDefinitionIsShownAsItWasWritten() {
    String yaml = definition("shown", "a") + "# kept\n";
    api.apply("shown", yaml).is(201);
    api.apply("shown", definition("shown", "b")).is(201);

    var newest = api.get("/v1/definitions/shown").is(200);
    assertThat(newest.json().get("version").asInt()).isEqualTo(2);
    var first = api.get("/v1/definitions/shown?version=1").is(200);
    assertThat(first.text("/source")).isEqualTo(yaml);
    assertThat(first.text("/mediaType")).isEqualTo("application/yaml");
    assertThat(api.get("/v1/definitions").is(200).response().body())
        .contains("\"name\":\"shown\",\"version\":2");
  }

  @Test
  void jsonIsTakenAsWellAsYaml() {
    api.send(
            "PUT",
            "/v1/definitions/in-json",
            "application/json; charset=utf-8",
            "{\"name\":\"in-json\",\"tasks\":{\"only\":{\"agent\":\"a\"}}}")
        .is(201);
  }

  @Test
  void everyErrorIsNamedWithItsPlace() {
    String wrong = "name: wrong\ntasks:\n  a: { agent: x, needs: [nobody], colour: red }\n";
    var refused = api.apply("wrong", wrong).refused(422, "invalid-definition");
    assertThat(refused.json().get("errors")).hasSizeGreaterThanOrEqualTo(2);
    refused
        .json()
        .get("errors")
        .forEach(error -> {
          assertThat(error.get("line").asInt()).isEqualTo(3);
          assertThat(error.get("column").asInt()).isPositive();
          assertThat(error.get("message").asString()).isNotEmpty();
        });
    api.get("/v1/definitions/wrong").refused(404, "definition-not-found");
  }

  @Test
  void aCycleIsRefused() {
    String cycle =
        "name: cycle\ntasks:\n  a: { agent: x, needs: [b] }\n  b: { agent: x, needs: [a] }\n";
    var refused = api.apply("cycle", cycle).refused(422, "invalid-definition");
    assertThat(refused.response().body()).contains("cycle");
  }

  @Test
  void checkingRegistersNothing() {
    api.send(
            "POST", "/v1/definitions/validate", "application/yaml", definition("only-checked", "a"))
        .is(200);
    api.get("/v1/definitions/only-checked").refused(404, "definition-not-found");
    api.send("POST", "/v1/definitions/validate", "application/yaml", "name: [")
        .refused(422, "invalid-definition");
  }

  @Test
  void otherMediaTypesAreRefused() {
    api.send("PUT", "/v1/definitions/x", "text/plain", definition("x", "a"))
        .refused(415, "unsupported-media-type");
  }

  @Test
  void aDefinitionMayBeOneMebibyteAndNoMore() {
    String head = definition("large", "a");
    int left = Limits.DEFINITION_BYTES_MAX - head.length();
    String atLimit =
        head + ("# " + "x".repeat(97) + '\n').repeat(left / 100) + "#".repeat(left % 100);
    api.apply("large", atLimit).is(201);
    api.apply("large", atLimit + "x").refused(413, "body-too-large");
  }

  @Test
  void theSchemaForEditorsIsServed() {
    assertThat(api.get("/v1/schema/definition.json").is(200).response().body())
        .contains("\"$schema\"");
  }

  @Test
  void aNameOfTheWrongFormIsRefused() {
    api.apply("Wrong_Name", definition("Wrong_Name", "a")).refused(400, "invalid-request");
  }

  @Test
  void unknownNamesVersionsAndParametersAreRefused() {
    api.get("/v1/definitions/nobody").refused(404, "definition-not-found");
    api.get("/v1/definitions/nobody?version=0").refused(400, "invalid-request");
    api.get("/v1/definitions/nobody?versoin=1").refused(400, "invalid-request");
  }
}
