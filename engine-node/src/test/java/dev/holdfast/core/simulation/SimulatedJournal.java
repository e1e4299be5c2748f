package dev.holdfast.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.AttemptOutcome;
import dev.holdfast.core.Event;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.core.ScheduleEvent;
import dev.holdfast.core.Slot;
import dev.holdfast.core.TaskState;
import dev.holdfast.core.slot.Claim;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All that outlives a crash. Checks of every event that is appended that it may follow what is
 * there already.
 */
final class SimulatedJournal {
  private record Entry(Event event, Instant at) {}

  private static final class History {
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> completed = new LinkedHashSet<>();
    private final Set<String> everCompleted = new LinkedHashSet<>();
    private @Nullable ExecutionState state;
  }

  private final Function<ExecutionKey, Plan> plans;
  private final Map<ExecutionKey, History> histories = new LinkedHashMap<>();
  private long events;
  private long slotsGranted;

  SimulatedJournal(Function<ExecutionKey, Plan> plans) {
    this.plans = plans;
  }

  Set<ExecutionKey> keys() {
    return histories.keySet();
  }

  long events() {
    return events;
  }

  void append(ExecutionKey key, long fromSeq, List<Event> appended, Instant at) {
    History history = histories.computeIfAbsent(key, k -> new History());
    assertThat(fromSeq).as("%s: seq has no gap", key).isEqualTo(history.entries.size() + 1);
    checkEnded(key, history.state, appended);
    for (Event event : appended) {
      check(key, history, event);
      history.state = next(key, history.state, event, at);
      history.entries.add(new Entry(event, at));
      checkSlots(history.state, event);
      events++;
    }
    if (history.state.status() == ExecutionStatus.PAUSING) {
      TaskState parking =
          history.state.plan().has("onPause") ? history.state.task("onPause") : null;
      assertThat(
              history.state.tasks().stream()
                      .map(TaskState::runningAttempt)
                      .anyMatch(
                          run -> run != null && (run.child() == null || !run.child().paused()))
                  || (parking != null && !parking.status().isEnded()))
          .as("something that %s waits for", key)
          .isTrue();
    }
  }

  private ExecutionState next(
      ExecutionKey key, @Nullable ExecutionState before, Event event, Instant at) {
    return before == null
        ? Evolver.begin(plans.apply(key), key, (Event.ExecutionStarted) event, at)
        : Evolver.evolve(before, event, at);
  }

  /** Never do more executions hold a slot than may. */
  private void checkSlots(ExecutionState after, Event event) {
    Slot slot = after.slot();
    if (event instanceof Event.SlotGranted && slot != null) {
      slotsGranted++;
      long holders =
          histories.values().stream()
              .map(history -> history.state)
              .filter(state -> state != null && !state.status().isEnded())
              .filter(state -> state.slot() instanceof Slot other && other.held())
              .filter(state -> Claim.keyOf(state).equals(Claim.keyOf(after)))
              .count();
      assertThat(holders)
          .as("%s: holders of %s", after.key(), slot)
          .isLessThanOrEqualTo(slot.limit());
    }
  }

  long slotsGranted() {
    return slotsGranted;
  }

  private static void checkEnded(
      ExecutionKey key, @Nullable ExecutionState state, List<Event> appended) {
    if (state != null && state.status().isEnded()) {
      assertThat(appended.getFirst())
          .as("%s, which has ended", key)
          .isInstanceOfAny(Event.ExecutionRetried.class, ScheduleEvent.ScheduleSet.class);
    }
  }

  /** In which status of its execution. */
  private static Object[] mayStart(String task) {
    return switch (task) {
      case "teardown" -> new Object[] {ExecutionStatus.RUNNING, ExecutionStatus.CANCELLING};
      case "onPause" -> new Object[] {ExecutionStatus.PAUSING};
      default -> new Object[] {ExecutionStatus.RUNNING};
    };
  }

  private static void check(ExecutionKey key, History history, Event event) {
    switch (event) {
      case Event.TaskStarted e -> {
        assertThat(history.state.status())
            .as("%s: %s starts", key, e.task())
            .isIn(mayStart(e.task()));
        assertThat(history.completed.contains(e.task()))
            .as("%s: %s completed before it starts", key, e.task())
            .isFalse();
      }
      case Event.ChildStarted e -> {
        assertThat(history.state.status())
            .as("%s: %s starts", key, e.child())
            .isEqualTo(ExecutionStatus.RUNNING);
        assertThat(history.completed.contains(e.task()))
            .as("%s: %s completed before %s starts", key, e.task(), e.child())
            .isFalse();
      }
      case Event.TaskCompleted e -> {
        assertThat(history.completed.add(e.task()))
            .as("%s: %s completes once", key, e.task())
            .isTrue();
        history.everCompleted.add(e.task() + "#" + e.attempt());
      }
      case Event.TaskPassed e ->
          assertThat(history.completed.add(e.task()))
              .as("%s: %s completes once", key, e.task())
              .isTrue();
      case Event.AttemptFailed e -> {
        if (e.outcome() == AttemptOutcome.COMPLETED) {
          history.everCompleted.add(e.task() + "#" + e.attempt());
        }
      }
      case Event.ExecutionRetried e -> e.tasks().forEach(history.completed::remove);
      case Event.HookBegan e -> history.completed.remove(e.task());
      // A list is made anew when what it came from was.
      case Event.TaskExpanded e ->
          history.completed.removeIf(task -> task.startsWith(e.task() + "["));
      case Event.TasksSpawned e -> e.tasks().forEach(task -> history.completed.remove(task.id()));
      default -> {}
    }
  }

  /** The newest durable state, or null. */
  @Nullable ExecutionState state(ExecutionKey key) {
    History history = histories.get(key);
    return history == null ? null : history.state;
  }

  /** Reads the execution back, all of it. */
  @Nullable ExecutionState load(ExecutionKey key) {
    History history = histories.get(key);
    if (history == null) {
      return null;
    }
    ExecutionState state = null;
    for (Entry entry : history.entries) {
      state = next(key, state, entry.event(), entry.at());
    }
    assertThat(state).as("%s read back", key).isEqualTo(history.state);
    return state;
  }

  /** Whether that attempt's result is there. */
  boolean hasResult(ExecutionKey key, String task, int attempt) {
    History history = histories.get(key);
    return history != null && history.everCompleted.contains(task + "#" + attempt);
  }

  /** All events of the execution; none: it has not begun. */
  List<Event> eventsOf(ExecutionKey key) {
    History history = histories.get(key);
    return history == null ? List.of() : history.entries.stream().map(Entry::event).toList();
  }

  boolean hasPause(ExecutionKey key, String commandId) {
    History history = histories.get(key);
    return history != null
        && history.entries.stream()
            .anyMatch(entry ->
                entry.event() instanceof Event.PauseRequested pause
                    && pause.commandId().equals(commandId));
  }

  /** Whether it was ever paused because its parent wanted it. */
  boolean hasPauseOfParent(ExecutionKey key) {
    return histories.get(key).entries.stream()
        .anyMatch(entry ->
            entry.event() instanceof Event.PauseRequested pause
                && pause.commandId().startsWith("parent/"));
  }

  boolean hasSignal(ExecutionKey key, String id) {
    History history = histories.get(key);
    return history != null
        && history.entries.stream()
            .anyMatch(entry ->
                entry.event() instanceof Event.SignalReceived signal && signal.id().equals(id));
  }

  /** Two runs of one seed give the same. */
  String fingerprint() {
    var text = new StringBuilder();
    histories.forEach((key, history) -> {
      text.append(key).append(history.entries.size()).append(history.state.status());
      history.entries.forEach(
          entry -> text.append(entry.event().getClass().getSimpleName()).append(entry.at()));
    });
    return Integer.toHexString(text.toString().hashCode()) + "/" + events;
  }
}
