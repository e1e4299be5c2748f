package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.Api.Answer;
import dev.holdfast.grid.DispatchSettings;
import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.GridSettings;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final int QUEUE_MAX = 3;

  @Test
  void aStartThatWouldLengthenAFullQueueIsRefusedUntilThereIsRoom() {
    try (var node =
        new TestNode(new GridEngine(settings(), new MemoryStateStore(), InstantSource.system()))) {
      Api api = node.api;
      api.apply("full", "name: full\ntasks:\n  only: { agent: full }\n").is(201);
      api.apply("other", "name: other\ntasks:\n  only: { agent: other }\n").is(201);
      for (int i = 0; i < QUEUE_MAX; i++) {
        start(api, "full", "e" + i).is(201);
      }
      var refused = start(api, "full", "more").refused(429, "overloaded");
      assertThat(refused.response().headers().firstValue("Retry-After")).hasValue("1");
      assertThat(refused.text("/detail")).contains("full").contains("dispatch.queueMax");
      api.get("/v1/executions/more").refused(404, "execution-not-found");

      start(api, "full", "e1").is(200);
      start(api, "other", "o1").is(201);
      api.complete(api.take("full"), "1").is(204);
      start(api, "full", "more").is(201);
    }
  }

  private static Answer start(Api api, String definition, String id) {
    return api.post(
        "/v1/executions", "{\"definition\":\"%s\",\"id\":\"%s\"}".formatted(definition, id));
  }

  private static GridSettings settings() {
    return GridSettings.of("admission-test-" + UUID.randomUUID(), "test")
        .dispatch(new DispatchSettings(Map.of(), Map.of(), QUEUE_MAX))
        .build();
  }
}
