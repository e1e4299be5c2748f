package dev.holdfast.testkit;

import dev.holdfast.api.HistoryEvent;
import dev.holdfast.api.TaskError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** An execution in words, for the message of a failed assertion. */
final class Description {
  private static final int EVENTS_MAX = 12;

  private Description() {}

  static String of(KitExecution execution, Instant now) {
    var text = new StringBuilder();
    text.append(
        "execution '%s' of %s is %s, %s after its start"
            .formatted(
                execution.id(),
                execution.definition(),
                execution.status(),
                span(execution.startedAt(), now)));
    TaskError error = execution.error();
    if (error != null) {
      text.append("%n  error: %s: %s".formatted(error.type(), error.message()));
    }
    execution.waitingFor().forEach(wait -> text.append("%n  waits for %s".formatted(wait)));
    List<HistoryEvent> history = execution.history();
    int from = Math.max(0, history.size() - EVENTS_MAX);
    if (from > 0) {
      text.append("%n  … %d events before".formatted(from));
    }
    for (HistoryEvent event : history.subList(from, history.size())) {
      text.append("%n  %s".formatted(line(event, execution.startedAt())));
    }
    return text.toString();
  }

  private static String line(HistoryEvent event, Instant start) {
    Object task = event.fields().get("task");
    Object error = event.fields().get("error");
    return "#%d +%s %s%s%s"
        .formatted(
            event.seq(),
            span(start, event.at()),
            event.type(),
            task == null ? "" : " " + task,
            error == null ? "" : " " + error);
  }

  private static String span(Instant from, Instant to) {
    Duration span = Duration.between(from, to);
    return span.isZero()
        ? "0s"
        : span.toString()
            .substring("P".length())
            .replace("T", "")
            .toLowerCase(java.util.Locale.ROOT);
  }
}
