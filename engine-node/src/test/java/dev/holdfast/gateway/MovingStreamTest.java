package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.grid.TestCluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is read on one member goes on although the owner is lost. */
@Timeout(120)
class MovingStreamTest {
  @Test
  void streamGoesOnWithoutGapOrRepeatAndTheTenantsSaysThatItMayHaveOne() {
    try (var cluster = new TestCluster(3)) {
      var node = new TestNode(cluster.member(0));
      try {
        read(cluster, node.api);
      } finally {
        node.closeGateway();
      }
    }
  }

  private static void read(TestCluster cluster, Api api) {
    api.apply(
            "moved",
            "name: moved\ntasks:\n  a: { agent: moved }\n  b: { agent: moved, needs: [a] }\n")
        .is(201);
    String id = cluster.idOwnedBy(2);
    try (var tenant = api.stream("/v1/events")) {
      api.post("/v1/executions", "{\"definition\":\"moved\",\"id\":\"%s\"}".formatted(id)).is(201);
      try (var stream = api.stream("/v1/executions/" + id + "/events")) {
        var events = new ArrayList<Api.Sse.Event>();
        events.add(stream.next());
        api.complete(api.take("moved"), "1").is(204);
        cluster.kill(2);
        cluster.awaitOpen(2);
        api.complete(api.take("moved"), "2").is(204);
        events.addAll(stream.rest());
        for (int i = 0; i < events.size(); i++) {
          assertThat(events.get(i).id()).isEqualTo(Integer.toString(i + 1));
        }
        assertThat(events.getLast().type()).isEqualTo("ExecutionCompleted");
      }
      List<String> types = new ArrayList<>();
      while (!types.contains("gap")) {
        types.add(tenant.next().type());
      }
      assertThat(types).contains("ExecutionStarted");
    }
  }
}
