package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AvailabilityTest {
  @Test
  void aNodeIsReadyUntilItCloses() {
    try (var node = new TestNode()) {
      node.api.get("/health/live").is(200);
      node.api.get("/health/ready").is(200);
      node.api.get("/v1/cluster").is(200);
      node.engine.close();
      var refused = node.api.get("/health/ready").refused(503, "unavailable");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      node.api.get("/health/live").is(200);
      node.api.get("/v1/executions/any").refused(503, "unavailable");
      node.api
          .post("/v1/tasks/poll", "{\"worker\":\"w\",\"agents\":[\"a\"]}")
          .refused(503, "unavailable");
    }
  }

  @Test
  void callsThatWaitAreAnsweredWhenTheGatewayCloses() {
    try (var node = new TestNode()) {
      var poll =
          CompletableFuture.supplyAsync(() ->
              node.api.post(
                  "/v1/tasks/poll",
                  "{\"worker\":\"patient\",\"agents\":[\"a\"],\"wait\":\"30s\"}"));
      await().until(() -> node.api.get("/v1/agents").response().body().contains("\"patient\""));
      node.gateway.close();
      assertThat(poll)
          .succeedsWithin(Duration.ofSeconds(5))
          .satisfies(answer -> assertThat(answer.json().get("tasks")).isEmpty());
    }
  }

  @Test
  void aCallerThatHasGoneSwallowsNoTask() throws IOException {
    try (var node = new TestNode()) {
      node.api.apply("left", "name: left\ntasks:\n  only: { agent: left }\n").is(201);
      byte[] body =
          "{\"worker\":\"gone\",\"agents\":[\"left\"],\"wait\":\"60s\"}"
              .getBytes(StandardCharsets.UTF_8);
      try (var socket = new Socket("127.0.0.1", node.gateway.port())) {
        String head =
            "POST /v1/tasks/poll HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        await().until(() -> node.api.get("/v1/agents").response().body().contains("\"gone\""));
      }
      // Two signs of life find out: the first is answered by a reset, the second fails.
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> node.api.get("/metrics").response().body().contains("/v1/tasks/poll"));
      String id = node.api.start("left");
      node.api.complete(node.api.take("left"), "1").is(204);
      assertThat(node.api.get("/v1/executions/" + id + "?wait=10s").text("/status"))
          .isEqualTo("COMPLETED");
    }
  }
}
