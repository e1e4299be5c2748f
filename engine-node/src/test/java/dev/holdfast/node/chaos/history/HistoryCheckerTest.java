package dev.holdfast.node.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A run without a fault passes; each fault that is put into it is found. */
class HistoryCheckerTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ID = "e1";

  private final Recorded recorded = new Recorded();
  private final List<ObjectNode> events = new ArrayList<>();
  private long clock;

  /** Starts, runs its task a first, fails, then once more; is paused and resumed; completes. */
  @BeforeEach
  void aRunWithoutFault() {
    call(new Asked.Start(ID), Answer.UNKNOWN);
    call(new Asked.Start(ID), Answer.OK);
    event("ExecutionStarted");
    event("TaskReadied").put("task", "a");
    start("a", 1);
    call(new Asked.Fail(ID, "a", 1), Answer.OK);
    event("AttemptFailed").put("task", "a").put("attempt", 1).put("outcome", "error");
    start("a", 2);
    call(new Asked.Control(ID, Asked.Action.PAUSE, "p1"), Answer.OK);
    event("PauseRequested").put("reason", "p1");
    call(new Asked.Control(ID, Asked.Action.PAUSE, "p2"), Answer.REFUSED);
    call(new Asked.Complete(ID, "a", 2, "m2"), Answer.UNKNOWN);
    call(new Asked.Complete(ID, "a", 2, "m2"), Answer.OK);
    complete("a", 2, "m2");
    event("ExecutionPaused");
    call(new Asked.Control(ID, Asked.Action.RESUME, "r1"), Answer.OK);
    event("ExecutionResumed").put("reason", "r1");
    start("b", 1);
    call(new Asked.Complete(ID, "b", 1, "m3"), Answer.OK);
    complete("b", 1, "m3");
    event("ExecutionCompleted");
    recorded.add(new Fact.Read(ID, 3, "hash3", clock++));
    recorded.add(new Fact.End(ID, "COMPLETED", events.size(), clock++));
    recorded.add(new Fact.Denied(ID, -1, "before the start"));
  }

  @Test
  void faultlessRunPasses() {
    assertThat(check()).isEmpty();
  }

  @Test
  void lostExecutionIsFound() {
    assertThat(HistoryChecker.check(recorded, Map.of()))
        .singleElement()
        .asString()
        .contains("not there");
  }

  @Test
  void startThatNobodyAcknowledgedMayBeMissing() {
    call(new Asked.Start("e2"), Answer.UNKNOWN);
    assertThat(check()).isEmpty();
  }

  @Test
  void lostCompletionIsFound() {
    call(new Asked.Complete(ID, "b", 1, "m4"), Answer.OK);
    assertThat(check()).anyMatch(text -> text.contains("m4") && text.contains("is not there"));
  }

  @Test
  void completionThatWasRefusedAndIsThereIsFound() {
    var other = new Recorded();
    recorded.all().stream()
        .map(fact ->
            fact instanceof Fact.Call call && call.asked() instanceof Asked.Complete
                ? new Fact.Call(call.asked(), 0, 0, Answer.REFUSED, "409")
                : fact)
        .forEach(other::add);
    assertThat(HistoryChecker.check(other, histories()))
        .anyMatch(text -> text.contains("m3") && text.contains("though it was refused"));
  }

  @Test
  void pauseThatWasRefusedAndIsThereIsFound() {
    call(new Asked.Control(ID, Asked.Action.PAUSE, "p9"), Answer.REFUSED);
    insert(4, "PauseRequested", event -> event.put("reason", "p9"));
    insert(5, "ExecutionResumed", event -> event.put("reason", "r9"));
    assertThat(check()).anyMatch(text -> text.contains("p9") && text.contains("refused"));
  }

  @Test
  void gapIsFound() {
    events.remove(4);
    assertThat(check()).anyMatch(text -> text.contains("has a gap"));
  }

  @Test
  void epochThatGoesDownIsFound() {
    events.get(5).put("epoch", 3);
    assertThat(check()).anyMatch(text -> text.contains("epoch went down"));
  }

  @Test
  void eventThatWasReadAndIsAnotherNowIsFound() {
    events.get(2).put("hash", "other");
    assertThat(check()).anyMatch(text -> text.contains("another event is at seq 3"));
  }

  @Test
  void eventThatWasReadAndIsGoneIsFound() {
    recorded.add(new Fact.Read(ID, 99, "hash99", clock++));
    assertThat(check()).anyMatch(text -> text.contains("seq 99 was read and is not there"));
  }

  @Test
  void doubleRunIsFound() {
    insert(events.size() - 1, "TaskStarted", event -> event.put("task", "b").put("attempt", 2));
    assertThat(check()).anyMatch(text -> text.contains("started after it had completed"));
  }

  @Test
  void doubleCompletionIsFound() {
    insert(events.size() - 1, "TaskCompleted", event -> mark(event, "b", 2, "m5"));
    assertThat(check()).anyMatch(text -> text.contains("completed twice"));
  }

  @Test
  void twoAcknowledgedCompletionsOfOneTaskAreFound() {
    call(new Asked.Complete(ID, "b", 2, "m6"), Answer.OK);
    assertThat(check()).anyMatch(text -> text.contains("both"));
  }

  @Test
  void attemptHandedOutAfterTheResultIsFound() {
    recorded.add(new Fact.Handed(ID, "b", 2, "w", clock++));
    assertThat(check())
        .anyMatch(text -> text.contains("was handed out after attempt 1's"))
        .anyMatch(text -> text.contains("was handed to w and is not there"));
  }

  @Test
  void twoAttemptsAtOnceAreFound() {
    insert(3, "TaskStarted", event -> event.put("task", "a").put("attempt", 9));
    assertThat(check()).anyMatch(text -> text.contains("was started while attempt 1 ran"));
  }

  @Test
  void startDuringAPauseIsFound() {
    int paused = indexOf("PauseRequested") + 1;
    insert(paused, "TaskStarted", event -> event.put("task", "c").put("attempt", 1));
    assertThat(check()).anyMatch(text -> text.contains("started while the execution was paused"));
  }

  @Test
  void endThatWasSeenAndIsAnotherIsFound() {
    recorded.add(new Fact.End(ID, "CANCELLED", 7, clock++));
    assertThat(check()).anyMatch(text -> text.contains("was seen to end CANCELLED at seq 7"));
  }

  @Test
  void executionThatHasNotEndedIsFound() {
    events.removeLast();
    assertThat(check()).anyMatch(text -> text.contains("has not ended"));
  }

  @Test
  void eventAfterTheEndIsFound() {
    event("TaskReadied").put("task", "c");
    assertThat(check()).anyMatch(text -> text.contains("goes on after ExecutionCompleted"));
  }

  @Test
  void denialAfterTheStartIsFound() {
    recorded.add(new Fact.Denied(ID, clock++, "404"));
    assertThat(check()).anyMatch(text -> text.contains("was denied"));
  }

  private List<String> check() {
    return HistoryChecker.check(recorded, histories());
  }

  private Map<String, List<Happened>> histories() {
    return Map.of(ID, events.stream().map(Happened::of).toList());
  }

  private void call(Asked asked, Answer answer) {
    recorded.add(new Fact.Call(asked, clock++, clock++, answer, "said"));
  }

  private void start(String task, int attempt) {
    event("TaskStarted").put("task", task).put("attempt", attempt).put("worker", "w");
    recorded.add(new Fact.Handed(ID, task, attempt, "w", clock++));
  }

  private void complete(String task, int attempt, String mark) {
    mark(event("TaskCompleted"), task, attempt, mark);
  }

  private static ObjectNode mark(ObjectNode event, String task, int attempt, String mark) {
    event.put("task", task).put("attempt", attempt).putObject("output").put("of", mark);
    return event;
  }

  private ObjectNode event(String type) {
    var event = JSON.createObjectNode();
    event
        .put("seq", events.size() + 1)
        .put("type", type)
        .put("epoch", 7)
        .put("hash", "hash" + (events.size() + 1));
    events.add(event);
    return event;
  }

  private void insert(int at, String type, UnaryOperator<ObjectNode> fields) {
    ObjectNode event = fields.apply(JSON.createObjectNode().put("type", type).put("epoch", 7));
    events.add(at, event);
    for (int i = 0; i < events.size(); i++) {
      events.get(i).put("seq", i + 1).put("hash", "hash" + (i + 1));
    }
  }

  private int indexOf(String type) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).get("type").asString().equals(type)) {
        return i;
      }
    }
    throw new IllegalStateException("no " + type);
  }
}
