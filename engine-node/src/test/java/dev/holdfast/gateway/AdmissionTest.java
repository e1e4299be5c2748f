package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.Api.Answer;
import dev.holdfast.grid.DispatchSettings;
import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.GridSettings;
import dev.holdfast.grid.RateLimit;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final int QUEUE_MAX = 3;
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void aStartThatWouldLengthenAFullQueueIsRefusedUntilThereIsRoom() {
    try (var node =
        new TestNode(
            new GridEngine(
                settings(new DispatchSettings(Map.of(), Map.of(), QUEUE_MAX)),
                new MemoryStateStore(),
                InstantSource.system()))) {
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

  @Test
  void tasksThatTheirRateLimitHoldsUpAreCounted() {
    var hourly = new DispatchSettings(Map.of("slow", RateLimit.parse("1/h")), Map.of(), 0);
    try (var node =
        new TestNode(
            new GridEngine(settings(hourly), new MemoryStateStore(), InstantSource.system()))) {
      Api api = node.api;
      for (String name : List.of("slow", "quick")) {
        api.apply(name, "name: %s\ntasks: { only: { agent: %<s } }\n".formatted(name)).is(201);
        for (int i = 0; i < 3; i++) {
          start(api, name, name + i).is(201);
        }
      }
      await().atMost(SOON).until(() -> node.metrics.scrape().contains(limited("slow", 3)));
      assertThat(node.metrics.scrape())
          .contains(limited("*", 3), "holdfast_tasks_ready 6.0")
          .doesNotContain("holdfast_tasks_rate_limited{capability=\"quick\"}");
    }
  }

  private static String limited(String capability, int tasks) {
    return "holdfast_tasks_rate_limited{capability=\"%s\"} %d.0".formatted(capability, tasks);
  }

  private static Answer start(Api api, String definition, String id) {
    return api.post(
        "/v1/executions", "{\"definition\":\"%s\",\"id\":\"%s\"}".formatted(definition, id));
  }

  private static GridSettings settings(DispatchSettings dispatch) {
    return GridSettings.of("admission-test-" + UUID.randomUUID(), "test")
        .dispatch(dispatch)
        .build();
  }
}
