package dev.holdfast.node.chaos.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Concurrency keys: never do more executions hold a slot of a key than its limit says, by their
 * histories and by what agents saw; and each that completed had one.
 */
final class SlotCheck {
  private final Consumer<String> wrong;
  private final Map<String, List<Span>> byHistory = new HashMap<>();
  private final Map<String, List<Span>> byAgents = new HashMap<>();
  private final Map<String, Integer> limits = new HashMap<>();

  private SlotCheck(Consumer<String> wrong) {
    this.wrong = wrong;
  }

  /**
   * While an execution held a slot for certain.
   *
   * @param from nanoseconds of whatever clock
   */
  private record Span(String execution, long from, long until) {}

  static void check(
      Recorded recorded, Map<String, List<Happened>> histories, Consumer<String> wrong) {
    var check = new SlotCheck(wrong);
    var keys = new HashMap<String, String>();
    histories.forEach((execution, history) -> check.history(execution, history, keys));
    check.agents(recorded, keys);
    check.byHistory.forEach((key, spans) -> check.together(key, "by the histories", spans));
    check.byAgents.forEach((key, spans) -> check.together(key, "by what agents saw", spans));
  }

  private void history(String execution, List<Happened> history, Map<String, String> keys) {
    Instant granted = null;
    for (Happened event : history) {
      if (event.is("SlotAwaited")) {
        String key = history.getFirst().text("definition") + ' ' + event.text("key");
        keys.put(execution, key);
        limits.put(key, event.fields().path("limit").asInt(0));
      } else if (event.is("SlotGranted")) {
        if (granted != null) {
          wrong.accept(execution + " was given a slot twice");
        }
        granted = event.at();
      }
    }
    String key = keys.get(execution);
    if (key != null && granted != null) {
      // An end counts from when it is durable, which is later than when it was decided.
      add(byHistory, key, new Span(execution, nanos(granted), nanos(history.getLast().at())));
    } else if (key != null && history.getLast().is("ExecutionCompleted")) {
      wrong.accept(execution + " completed without a slot of " + key);
    }
  }

  /** From when an agent had the first task to when it was about to give the last result. */
  private void agents(Recorded recorded, Map<String, String> keys) {
    var from = new HashMap<String, Long>();
    var until = new HashMap<String, Long>();
    recorded
        .of(Fact.Handed.class)
        .forEach(handed -> from.merge(handed.execution(), handed.atNanos(), Math::min));
    recorded
        .of(Fact.Call.class)
        .filter(call -> call.asked() instanceof Asked.Complete && call.answer() == Answer.OK)
        .forEach(call -> until.merge(call.execution(), call.askedNanos(), Math::max));
    keys.forEach((execution, key) -> {
      Long first = from.get(execution);
      Long last = until.get(execution);
      if (first != null && last != null && last > first) {
        add(byAgents, key, new Span(execution, first, last));
      }
    });
  }

  private void together(String key, String how, List<Span> spans) {
    var holding =
        new TreeSet<>(Comparator.comparingLong(Span::until).thenComparing(Span::execution));
    spans.sort(Comparator.comparingLong(Span::from));
    for (Span span : spans) {
      holding.removeIf(other -> other.until() <= span.from());
      holding.add(span);
      if (holding.size() > limits.getOrDefault(key, 0)) {
        wrong.accept(
            "%d hold a slot of %s at once %s: %s"
                .formatted(
                    holding.size(), key, how, holding.stream().map(Span::execution).toList()));
      }
    }
  }

  private static void add(Map<String, List<Span>> spans, String key, Span span) {
    spans.computeIfAbsent(key, one -> new ArrayList<>()).add(span);
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }
}
