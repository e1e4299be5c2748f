package dev.holdfast.testkit.assertion;

import dev.holdfast.api.HistoryEvent;
import dev.holdfast.testkit.KitExecution;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on what has happened to an execution. An event is named by its type, {@code
 * "TaskCompleted"}, or by its type and its task, {@code "TaskCompleted extract"}.
 */
public final class HistoryAssert extends AbstractAssert<HistoryAssert, List<HistoryEvent>> {
  private final KitExecution execution;

  HistoryAssert(KitExecution execution) {
    super(execution.history(), HistoryAssert.class);
    this.execution = execution;
  }

  /** Each of these happened at least once, in whatever order. */
  public HistoryAssert contains(String... events) {
    for (String event : events) {
      if (count(event) == 0) {
        throw failure(
            "%nExpecting in the history '%s', but there is no such event:%n%s", event, all());
      }
    }
    return this;
  }

  /** These happened one after the other, with others in between or not. */
  public HistoryAssert containsInOrder(String... events) {
    int found = 0;
    for (HistoryEvent event : actual) {
      if (found < events.length && matches(event, events[found])) {
        found++;
      }
    }
    if (found < events.length) {
      throw failure(
          "%nExpecting in the history in this order %s, but after %s there is no '%s':%n%s",
          List.of(events), List.of(events).subList(0, found), events[found], all());
    }
    return this;
  }

  /** None of these happened. */
  public HistoryAssert doesNotContain(String... events) {
    for (String event : events) {
      if (count(event) > 0) {
        throw failure("%nExpecting no '%s' in the history, but there is:%n%s", event, all());
      }
    }
    return this;
  }

  /** It happened so often. */
  public HistoryAssert containsTimes(int expected, String event) {
    long times = count(event);
    if (times != expected) {
      throw failure(
          "%nExpecting '%s' %d times in the history, but it is there %d times:%n%s",
          event, expected, times, all());
    }
    return this;
  }

  /** Back to the execution itself. */
  public ExecutionAssert execution() {
    return new ExecutionAssert(execution);
  }

  private long count(String wanted) {
    return actual.stream().filter(event -> matches(event, wanted)).count();
  }

  private static boolean matches(HistoryEvent event, String wanted) {
    return wanted.equals(event.type())
        || wanted.equals(event.type() + " " + event.fields().get("task"));
  }

  private String all() {
    var text = new StringBuilder();
    for (HistoryEvent event : actual) {
      Object task = event.fields().get("task");
      text.append("  %s%s%n".formatted(event.type(), task == null ? "" : " " + task));
    }
    return text.toString();
  }
}
