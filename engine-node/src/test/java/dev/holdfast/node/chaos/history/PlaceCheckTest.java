package dev.holdfast.node.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PlaceCheckTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, List<Happened>> histories = new LinkedHashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private int second;

  private Set<String> check() {
    return PlaceCheck.check(histories, wrong::add);
  }

  private void begun(String id, String onLimit, boolean granted) {
    add(id, "ExecutionStarted").put("definition", "d");
    add(id, "SlotAwaited").put("key", "k").put("limit", 1).put("onLimit", onLimit);
    if (granted) {
      add(id, "SlotGranted");
    }
  }

  private void cancelled(String id, String newer) {
    add(id, "CancelRequested")
        .put("by", "concurrency-key")
        .put(
            "reason",
            "execution " + newer + " has the same concurrency key 'k' and takes its place");
    add(id, "ExecutionCancelled");
  }

  private ObjectNode add(String id, String type) {
    List<Happened> history = histories.computeIfAbsent(id, one -> new ArrayList<>());
    ObjectNode event = JSON.createObjectNode();
    event.put("type", type).put("seq", history.size() + 1);
    event.put("at", Instant.EPOCH.plusSeconds(second++).toString());
    history.add(Happened.of(event));
    return event;
  }

  @Test
  void olderOnesAreCancelledForANewerOne() {
    begun("old", "cancel-running", true);
    begun("new", "cancel-running", false);
    cancelled("old", "new");
    add("new", "SlotGranted");
    assertThat(check()).containsExactly("old");
    assertThat(wrong).isEmpty();
  }

  @Test
  void reasonThatNamesNoNewerOneIsFound() {
    begun("old", "cancel-running", true);
    begun("new", "cancel-running", false);
    cancelled("old", "other");
    check();
    assertThat(wrong).singleElement().asString().contains("no newer one of d k is named");
  }

  @Test
  void newestOneThatIsCancelledIsFound() {
    begun("old", "cancel-running", true);
    begun("new", "cancel-running", false);
    cancelled("new", "old");
    check();
    assertThat(wrong).anySatisfy(text -> assertThat(text).contains("among the newest 1 of d k"));
  }

  @Test
  void oneOfAKeyThatQueuesIsNotCancelled() {
    begun("old", "queue", true);
    begun("new", "queue", false);
    cancelled("old", "new");
    check();
    assertThat(wrong).singleElement().asString().contains("nobody takes another's place");
  }

  @Test
  void nobodyWaitsWhereStartsAreRefused() {
    begun("one", "refuse", true);
    check();
    assertThat(wrong).isEmpty();
    begun("two", "refuse", false);
    check();
    assertThat(wrong).singleElement().asString().contains("two was begun without a slot");
  }
}
