package dev.holdfast.node.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lists, children, signals, concurrency keys and schedules of a run without a fault pass; each
 * fault that is put into it is found.
 */
class SemanticsCheckTest {
  /** Events are written here without the quotes that JSON wants. */
  private static final JsonMapper LENIENT =
      JsonMapper.builder()
          .enable(
              JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
          .build();

  private static final String SCHEDULE = FiringCheck.idOf("often");
  private static final String FIRST = "often/2026-01-01T00:00:02Z";

  private final Recorded recorded = new Recorded();
  private final Map<String, List<ObjectNode>> events = new LinkedHashMap<>();
  private long clock;

  @BeforeEach
  void aRunWithoutFault() {
    list();
    family();
    signal();
    slots();
    schedule();
  }

  private void list() {
    add("list", "ExecutionStarted", "{definition: 'l', input: {items: ['a', 'b']}}");
    add("list", "TaskReadied", "{task: 'lines'}");
    add("list", "TaskExpanded", "{task: 'lines', items: ['a', 'b']}");
    add("list", "TaskReadied", "{task: 'lines[0]', input: {item: 'a', n: 0}}");
    add("list", "TaskReadied", "{task: 'lines[1]', input: {item: 'b', n: 1}}");
    run("list", "lines[1]", "{of: 'second'}");
    run("list", "lines[0]", "{of: 'first'}");
    add("list", "TaskGathered", "{task: 'lines'}");
    add("list", "TaskReadied", "{task: 'last', input: {items: [{of: 'first'}, {of: 'second'}]}}");
    run("list", "last", "{of: 'last'}");
    add("list", "ExecutionCompleted", "{}");
  }

  private void family() {
    add("top", "ExecutionStarted", "{definition: 'f'}");
    add("top", "ChildStarted", "{task: 'left', attempt: 1, child: 'top/left'}");
    add("top", "TaskCompleted", "{task: 'left', attempt: 1, output: {of: 'below'}}");
    add("top", "ExecutionCompleted", "{}");
    add(
        "top/left",
        "ExecutionStarted",
        "{definition: 'c', parent: {id: 'top', task: 'left', attempt: 1}}");
    add("top/left", "ExecutionCompleted", "{output: {of: 'below'}}");
  }

  private void signal() {
    add("paid", "ExecutionStarted", "{definition: 's'}");
    add("paid", "SignalAwaited", "{task: 'wait', signal: 'paid'}");
    add("paid", "SignalReceived", "{signal: 'paid', id: 'p-1', payload: {of: 'p'}}");
    add("paid", "SignalTaken", "{task: 'wait', signal: 'paid', id: 'p-1'}");
    add("paid", "TaskPassed", "{task: 'wait', output: {of: 'p'}}");
    add("paid", "ExecutionCompleted", "{}");
    call(new Asked.Signal("paid", "paid", "p-1"), Answer.UNKNOWN);
    call(new Asked.Signal("paid", "paid", "p-1"), Answer.OK);
  }

  /** One slot: the second has it when the first has ended. */
  private void slots() {
    for (int i = 1; i <= 2; i++) {
      String id = "key-" + i;
      add(id, "ExecutionStarted", "{definition: 'k'}");
      add(id, "SlotAwaited", "{key: 'one', limit: 1}");
      at(add(id, "SlotGranted", "{}"), 10 * i);
      run(id, "only", "{of: 'it'}");
      at(add(id, "ExecutionCompleted", "{}"), 10 * i + 9);
      recorded.add(new Fact.Handed(id, "only", 1, "w", clock++));
      call(new Asked.Complete(id, "only", 1, "it"), Answer.OK);
    }
  }

  private void schedule() {
    add(SCHEDULE, "ExecutionStarted", "{definition: '_schedule'}");
    add(SCHEDULE, "ScheduleSet", "{spec: {cron: '*/2 * * * * *'}, due: '2026-01-01T00:00:02Z'}");
    add(
        SCHEDULE,
        "TimesCame",
        "{wanted: ['2026-01-01T00:00:02Z'], passedOver: [], due: '2026-01-01T00:00:04Z'}");
    add(
        SCHEDULE,
        "FiringBegan",
        "{number: 1, scheduledAt: '2026-01-01T00:00:02Z', execution: '" + FIRST + "'}");
    add(
        SCHEDULE,
        "TimesCame",
        """
        {wanted: [], due: '2026-01-01T00:00:08Z',
         passedOver: [{first: '2026-01-01T00:00:04Z', last: '2026-01-01T00:00:06Z', count: 2, why: 'SKIPPED'}]}
        """);
    add(SCHEDULE, "FiringEnded", "{number: 1, outcome: 'COMPLETED'}");
    add(
        FIRST,
        "ExecutionStarted",
        "{definition: 'o', schedule: 'often', scheduledAt: '2026-01-01T00:00:02Z'}");
    add(FIRST, "ExecutionCompleted", "{}");
  }

  @Test
  void faultlessRunPasses() {
    assertThat(check()).isEmpty();
  }

  @Test
  void lostItemIsFound() {
    remove("list", event -> is(event, "TaskCompleted", "lines[0]"));
    found("was taken for whole without item 0");
  }

  @Test
  void itemThatRanTwiceIsFound() {
    int last = indexOf("list", event -> is(event, "TaskGathered", "lines"));
    insert("list", last, "TaskStarted", "{task: 'lines[0]', attempt: 2}");
    found("lines[0] was started after it had completed");
  }

  @Test
  void itemWithAnothersInputIsFound() {
    of("list", event -> is(event, "TaskReadied", "lines[1]")).putObject("input").put("item", "a");
    found("lines[1] was given");
  }

  @Test
  void listThatIsNotTheGivenOneIsFound() {
    of("list", event -> is(event, "TaskExpanded", "lines")).putArray("items").add("a");
    found("was given [\"a\",\"b\"]");
  }

  @Test
  void outputsOutOfOrderAreFound() {
    var items = of("list", event -> is(event, "TaskReadied", "last")).putObject("input");
    items.putArray("items").add("second").add("first");
    found("of a list whose outputs are");
  }

  @Test
  void listThatWasNeverWholeIsFound() {
    remove("list", event -> is(event, "TaskGathered", "lines"));
    found("lists that are not whole");
  }

  @Test
  void moreItemsAtOnceThanAllowedAreFound() {
    int first = indexOf("list", event -> is(event, "TaskStarted", "lines[1]"));
    for (int i = 2; i < 5; i++) {
      insert("list", first, "TaskStarted", "{task: 'lines[" + i + "]', attempt: 1}");
    }
    found("as the 4th at once");
  }

  @Test
  void lostChildIsFound() {
    events.remove("top/left");
    found("top/left was taken for completed");
  }

  @Test
  void childThatFailedAndIsTakenForCompletedIsFound() {
    events.get("top/left").getLast().put("type", "ExecutionFailed");
    found("top/left was taken for completed, and is at ExecutionFailed");
    found("top/left ended with");
  }

  @Test
  void childThatNobodyWantedIsFound() {
    add("top/right", "ExecutionStarted", "{parent: {id: 'top', task: 'right', attempt: 1}}");
    add("top/right", "ExecutionCompleted", "{}");
    found("top/right was started, and no history of its parent wants it");
  }

  @Test
  void childThatIsStartedTwiceIsFound() {
    insert("top", 2, "ChildStarted", "{task: 'left', attempt: 1, child: 'top/left'}");
    found("started top/left twice");
  }

  @Test
  void childsOutputThatIsAnotherIsFound() {
    events.get("top/left").getLast().put("output", "other");
    found("top/left completed with");
  }

  @Test
  void lostSignalIsFound() {
    remove("paid", event -> event.get("type").asString().equals("SignalReceived"));
    found("was acknowledged and is not there");
  }

  @Test
  void signalThatCameTwiceIsFound() {
    insert("paid", 3, "SignalReceived", "{signal: 'paid', id: 'p-1', payload: {of: 'p'}}");
    found("signal p-1 came twice");
  }

  @Test
  void signalThatWasTakenTwiceIsFound() {
    insert("paid", 4, "SignalTaken", "{task: 'other', signal: 'paid', id: 'p-1'}");
    found("signal p-1 was taken twice");
  }

  @Test
  void signalThatNobodyTookIsFound() {
    remove("paid", event -> event.get("type").asString().equals("SignalTaken"));
    found("went on without its signal");
    found("completed without signals");
  }

  @Test
  void oneSlotTooManyByTheHistoriesIsFound() {
    at(events.get("key-1").getLast(), 25);
    found("2 hold a slot of k one at once by the histories");
  }

  @Test
  void oneSlotTooManyByWhatAgentsSawIsFound() {
    recorded.add(new Fact.Handed("key-2", "only", 1, "w", -1));
    found("2 hold a slot of k one at once by what agents saw");
  }

  @Test
  void taskThatBeganWithoutASlotIsFound() {
    insert("key-1", 2, "TaskStarted", "{task: 'early', attempt: 1}");
    found("while the execution waited for a slot");
  }

  @Test
  void completionWithoutASlotIsFound() {
    remove("key-1", event -> event.get("type").asString().equals("SlotGranted"));
    found("key-1 completed without a slot");
  }

  @Test
  void timeThatIsForgottenIsFound() {
    events.get(SCHEDULE).get(4).putArray("passedOver");
    found("2026-01-01T00:00:04Z has neither an execution nor an entry");
  }

  @Test
  void timeThatCameTwiceIsFound() {
    events.get(SCHEDULE).get(4).putArray("wanted").add("2026-01-01T00:00:04Z");
    found("2026-01-01T00:00:04Z came twice");
  }

  @Test
  void timeThatBeganTwiceIsFound() {
    insert(
        SCHEDULE,
        4,
        "FiringBegan",
        "{number: 2, scheduledAt: '2026-01-01T00:00:02Z', execution: '" + FIRST + "'}");
    found("2026-01-01T00:00:02Z began twice");
    found("began while another ran");
    found("did not end its work");
  }

  @Test
  void lostFiringIsFound() {
    events.remove(FIRST);
    found("ended COMPLETED, and its history with nothing");
  }

  @Test
  void firingThatTheScheduleDoesNotKnowIsFound() {
    String other = "often/2026-01-01T00:00:04Z";
    add(other, "ExecutionStarted", "{schedule: 'often', scheduledAt: '2026-01-01T00:00:04Z'}");
    add(other, "ExecutionCompleted", "{}");
    found(other + " is there, and " + SCHEDULE + " did not begin it");
  }

  @Test
  void executionThatFailedForNoReasonIsFound() {
    events.get("list").getLast().put("type", "ExecutionFailed");
    found("list ended with");
  }

  @Test
  void childThatAnAgentSawAndThatIsDeniedIsFound() {
    recorded.add(new Fact.Denied("key-1", clock++, "404"));
    found("key-1 was denied");
  }

  private void found(String text) {
    assertThat(check()).anyMatch(wrong -> wrong.contains(text));
  }

  private List<String> check() {
    return HistoryChecker.check(
        recorded,
        events.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry -> entry.getValue().stream().map(Happened::of).toList())));
  }

  private void call(Asked asked, Answer answer) {
    recorded.add(new Fact.Call(asked, clock++, clock++, answer, "said"));
  }

  private void run(String execution, String task, String output) {
    add(execution, "TaskStarted", "{task: '" + task + "', attempt: 1, worker: 'w'}");
    add(execution, "TaskCompleted", "{task: '" + task + "', attempt: 1, output: " + output + "}");
  }

  private ObjectNode add(String execution, String type, String fields) {
    List<ObjectNode> history = events.computeIfAbsent(execution, id -> new ArrayList<>());
    return insert(execution, history.size(), type, fields);
  }

  private ObjectNode insert(String execution, int at, String type, String fields) {
    List<ObjectNode> history = events.get(execution);
    var event = (ObjectNode) LENIENT.readTree(fields);
    event.put("type", type).put("epoch", 7);
    history.add(at, event);
    number(history);
    return event;
  }

  private void remove(String execution, Predicate<ObjectNode> which) {
    assertThat(events.get(execution).removeIf(which)).isTrue();
    number(events.get(execution));
  }

  private static void number(List<ObjectNode> history) {
    for (int i = 0; i < history.size(); i++) {
      history.get(i).put("seq", i + 1).put("hash", "hash" + (i + 1));
    }
  }

  private ObjectNode of(String execution, Predicate<ObjectNode> which) {
    return events.get(execution).get(indexOf(execution, which));
  }

  private int indexOf(String execution, Predicate<ObjectNode> which) {
    List<ObjectNode> history = events.get(execution);
    for (int i = 0; i < history.size(); i++) {
      if (which.test(history.get(i))) {
        return i;
      }
    }
    throw new IllegalStateException("no such event");
  }

  private static boolean is(ObjectNode event, String type, String task) {
    return event.get("type").asString().equals(type)
        && event.path("task").asString("").equals(task);
  }

  private static void at(ObjectNode event, int second) {
    event.put("at", Instant.EPOCH.plusSeconds(second).toString());
  }
}
