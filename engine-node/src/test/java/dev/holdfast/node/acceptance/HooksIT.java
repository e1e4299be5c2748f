package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** kill -9 while what was done is undone, and while it is torn down. */
class HooksIT {
  private static final String DEFINITION =
      """
      name: trip
      setup: { agent: steps, input: open }
      teardown: { agent: steps, input: "${setup.output}" }
      tasks:
        flight: { agent: steps, input: flight, compensate: { agent: steps, input: "undo ${output}" } }
        hotel: { agent: steps, needs: [flight], input: hotel, compensate: { agent: steps, input: "undo ${output}" } }
        pay: { agent: steps, needs: [hotel], input: pay, onFailure: compensate, retry: { maxAttempts: 1 } }
      """;

  @TempDir Path folder;

  @Test
  void whatWasUndoneStaysSoAndTheRestFollowsAfterKills() throws IOException {
    try (var node = new TestNode(folder).start()) {
      var worker = new ScriptedWorker(node, "steps");
      assertThat(node.http().putYaml("/v1/definitions/trip", DEFINITION).status()).isEqualTo(201);
      var start = Map.of("definition", "trip", "id", "kept");
      assertThat(node.http().post("/v1/executions", start).status()).isEqualTo(201);
      for (String task : List.of("setup", "flight", "hotel")) {
        worker.complete(task);
      }
      assertThat(worker.fail(worker.poll("pay"), "refused", "no money")).isEqualTo(204);
      worker.complete("hotel.compensate");
      JsonNode undoing = worker.poll("flight.compensate");
      assertThat(undoing.get("input").asString()).isEqualTo("undo flight");
      node.kill();
      node.start();
      JsonNode shown = node.http().get("/v1/executions/kept").json();
      assertThat(shown.at("/status").asString()).isEqualTo("RUNNING");
      assertThat(shown.at("/closing/outcome").asString()).isEqualTo("FAILED");
      worker.complete("flight.compensate");
      JsonNode tearing = worker.poll("teardown");
      assertThat(tearing.get("input").asString()).isEqualTo("open");
      node.kill();
      node.start();
      worker.complete("teardown");
      JsonNode ended = node.http().get("/v1/executions/kept?wait=20s").json();
      assertThat(ended.at("/status").asString()).isEqualTo("FAILED");
      assertThat(ended.at("/error/message").asString()).isEqualTo("no money");
      assertThat(worker.completions("kept"))
          .containsExactly(
              "setup", "flight", "hotel", "hotel.compensate", "flight.compensate", "teardown");
    }
  }
}
