package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Pausing and resuming many executions with one call. */
class BatchCallsTest {
  private static final String TENANT = "X-Holdfast-Tenant";

  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  private static void define(String name) {
    api.apply(name, "name: %1$s\ntasks: { a: { agent: %1$s } }\n".formatted(name)).is(201);
  }

  @Test
  void allOfADefinitionArePausedAndResumed() {
    define("many");
    define("other");
    for (int i = 0; i < 5; i++) {
      api.start("many");
    }
    String other = api.start("other");
    JsonNode paused =
        api.post("/v1/executions/pause", "{\"definition\":\"many\",\"reason\":\"window\"}")
            .is(200)
            .json();
    assertThat(paused.toString())
        .isEqualTo("{\"matched\":5,\"changed\":5,\"unchanged\":0,\"failed\":[],\"more\":false}");
    JsonNode list = api.get("/v1/executions?definition=many&status=PAUSED").is(200).json();
    assertThat(list.get("items")).hasSize(5);
    String one = "/v1/executions/" + list.at("/items/0/id").asString();
    assertThat(api.get(one).text("/pause/reason")).isEqualTo("window");
    assertThat(api.get(one).json().at("/pause/drained").asBoolean()).isTrue();
    assertThat(api.get("/v1/executions/" + other).text("/status")).isEqualTo("RUNNING");
    assertThat(
            api.post("/v1/executions/pause", "{\"definition\":\"many\"}")
                .is(200)
                .json()
                .get("matched")
                .asInt())
        .isZero();
    assertThat(
            api.post("/v1/executions/resume", "{\"definition\":\"many\",\"force\":true}")
                .is(200)
                .json()
                .get("changed")
                .asInt())
        .isEqualTo(5);
  }

  @Test
  void allOfATenantAreMeantOnlyWhenThatIsSaid() {
    api.post("/v1/executions/pause", "{}", TENANT, "t-2").refused(400, "invalid-request");
    api.post("/v1/executions/pause", "{\"definition\":\"a\",\"all\":true}", TENANT, "t-2")
        .refused(400, "invalid-request");
    assertThat(
            api.post("/v1/executions/resume", "{\"all\":true}", TENANT, "t-2")
                .is(200)
                .json()
                .get("matched")
                .asInt())
        .isZero();
  }
}
