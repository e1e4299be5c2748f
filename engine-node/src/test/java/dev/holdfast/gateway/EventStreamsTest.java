package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class EventStreamsTest {
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  private static String begun(String name) {
    api.apply(name, "name: %1$s\ntasks:\n  only: { agent: %1$s }\n".formatted(name));
    return api.start(name);
  }

  private static List<String> ids(List<Api.Sse.Event> events) {
    return events.stream().map(Api.Sse.Event::id).toList();
  }

  @Test
  void historyComesFirstThenWhatHappensWithoutGapOrRepeat() {
    String id = begun("streamed");
    try (var stream = api.stream("/v1/executions/" + id + "/events")) {
      var events = new ArrayList<Api.Sse.Event>();
      events.add(stream.next());
      assertThat(events.getFirst().type()).isEqualTo("ExecutionStarted");
      assertThat(events.getFirst().data()).contains("\"execution\":\"" + id + "\"");

      api.complete(api.take("streamed"), "1").is(204);
      events.addAll(stream.rest());
      assertThat(events.getLast().type()).isEqualTo("ExecutionCompleted");
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i).id()).isEqualTo(Integer.toString(i + 1));
      }
    }
  }

  @Test
  void aStreamGoesOnAfterTheLastEventReceived() {
    String id = begun("resumed");
    api.complete(api.take("resumed"), "1").is(204);
    api.get("/v1/executions/" + id + "?wait=10s").is(200);
    String path = "/v1/executions/" + id + "/events";
    List<String> all;
    try (var stream = api.stream(path)) {
      all = ids(stream.rest());
    }
    try (var stream = api.stream(path, LAST_EVENT_ID, "2")) {
      assertThat(ids(stream.rest())).isEqualTo(all.subList(2, all.size()));
    }
    api.get(path, LAST_EVENT_ID, all.getLast()).is(204);
    api.get(path, LAST_EVENT_ID, "last").refused(400, "invalid-request");
  }

  @Test
  void allExecutionsOfTheTenantAreFollowed() {
    try (var stream = api.stream("/v1/events")) {
      String id = begun("followed");
      var first = stream.next();
      assertThat(first.id()).isEqualTo(id + ":1");
      assertThat(first.type()).isEqualTo("ExecutionStarted");

      var second = stream.next();
      try (var resumed = api.stream("/v1/events", LAST_EVENT_ID, first.id())) {
        assertThat(resumed.next()).isEqualTo(second);
      }
    }
  }

  @Test
  void whoResumesFromFurtherBackIsToldOfTheGap() {
    try (var stream = api.stream("/v1/events", LAST_EVENT_ID, "long-gone:7")) {
      var gap = stream.next();
      assertThat(gap.type()).isEqualTo("gap");
      assertThat(gap.id()).isEmpty();
      assertThat(gap.data()).contains("long-gone:7");
    }
  }

  @Test
  void anotherTenantsEventsDoNotShow() {
    try (var others = api.stream("/v1/events", "X-Holdfast-Tenant", "other");
        var own = api.stream("/v1/events")) {
      String id = begun("unseen");
      assertThat(own.next().id()).startsWith(id);
      String[] tenant = {"X-Holdfast-Tenant", "other"};
      api.send(
              "PUT",
              "/v1/definitions/theirs",
              "application/yaml",
              "name: theirs\ntasks:\n  only: { agent: a }\n",
              tenant)
          .is(201);
      String theirs =
          api.post("/v1/executions", "{\"definition\":\"theirs\"}", tenant).is(201).text("/id");
      assertThat(others.next().id()).startsWith(theirs);
    }
  }
}
