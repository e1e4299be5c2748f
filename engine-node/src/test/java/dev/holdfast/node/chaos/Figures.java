package dev.holdfast.node.chaos;

import dev.holdfast.node.chaos.history.Answer;
import dev.holdfast.node.chaos.history.Asked;
import dev.holdfast.node.chaos.history.Delays;
import dev.holdfast.node.chaos.history.Fact;
import dev.holdfast.node.chaos.history.Happened;
import dev.holdfast.node.chaos.history.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How much there was in a run of what it is to show.
 *
 * @param executions children and what schedules began included
 * @param completions results that were acknowledged to agents by HTTP
 * @param items of lists that completed
 * @param children that completed
 * @param signals that a task took
 * @param firings executions of schedules that completed
 * @param queued executions that found all slots of their key held
 * @param replaced executions that were cancelled for a newer one of their key
 * @param refused starts, since all slots of their key were held
 * @param standstill the longest time between two acknowledged results
 */
record Figures(
    int executions,
    long completions,
    long items,
    long children,
    long signals,
    long firings,
    long queued,
    long replaced,
    long refused,
    Duration standstill) {

  static Figures of(Recorded recorded, Map<String, List<Happened>> histories) {
    Collection<List<Happened>> all =
        histories.values().stream().filter(history -> !history.isEmpty()).toList();
    return new Figures(
        all.size(),
        recorded.count(Asked.Complete.class, Answer.OK),
        events(all, event -> event.is("TaskCompleted") && event.task().endsWith("]")),
        completed(all, "parent"),
        events(all, event -> event.is("SignalTaken")),
        completed(all, "schedule"),
        queued(all),
        events(
            all,
            event -> event.is("CancelRequested") && event.text("by").equals("concurrency-key")),
        refused(recorded),
        Delays.longestStandstill(recorded));
  }

  /** What there is too little of for the run to say anything; empty: of nothing. */
  List<String> tooFew(int completionsMin) {
    var few = new ArrayList<String>();
    if (completions < completionsMin) {
      few.add("completions");
    }
    // A few in a hundred are what there has to be, whatever befell the others.
    int someMin = completionsMin / 40;
    var kinds =
        Map.of("items", items, "children", children, "signals", signals, "firings", firings);
    kinds.forEach((kind, count) -> {
      if (count < someMin) {
        few.add(kind);
      }
    });
    var some = Map.of("queued", queued, "replaced", replaced, "refused", refused);
    some.forEach((kind, count) -> {
      if (count == 0) {
        few.add(kind);
      }
    });
    return few;
  }

  private static long refused(Recorded recorded) {
    return recorded
        .of(Fact.Call.class)
        .filter(call -> call.asked() instanceof Asked.Start)
        .filter(call -> Asked.Start.isForLimit(call.detail()))
        .count();
  }

  private static long events(Collection<List<Happened>> all, Predicate<Happened> which) {
    return all.stream().flatMap(List::stream).filter(which).count();
  }

  /** Those whose first event has that field. */
  private static long completed(Collection<List<Happened>> all, String field) {
    return all.stream()
        .filter(history -> history.getFirst().fields().has(field))
        .filter(history -> history.getLast().is("ExecutionCompleted"))
        .count();
  }

  private static long queued(Collection<List<Happened>> all) {
    var held = new HashMap<String, List<List<Happened>>>();
    for (List<Happened> history : all) {
      history.stream()
          .filter(event -> event.is("SlotAwaited"))
          .findFirst()
          .ifPresent(event ->
              held.computeIfAbsent(event.text("key"), key -> new ArrayList<>()).add(history));
    }
    return held.values().stream()
        .mapToLong(sameKey -> sameKey.stream().filter(history -> waited(history, sameKey)).count())
        .sum();
  }

  private static boolean waited(List<Happened> history, List<List<Happened>> sameKey) {
    Happened awaited =
        history.stream().filter(event -> event.is("SlotAwaited")).findFirst().orElseThrow();
    Instant at = awaited.at();
    long holding =
        sameKey.stream()
            .filter(other -> other != history)
            .filter(other ->
                other.stream().anyMatch(event -> event.is("SlotGranted") && event.at().isBefore(at))
                    && other.getLast().at().isAfter(at))
            .count();
    return holding >= awaited.fields().path("limit").asInt(0);
  }
}
