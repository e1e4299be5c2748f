package dev.holdfast.node.chaos.history;

import java.time.Duration;
import java.util.HashMap;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** How long things took during a run, by what clients saw. */
public final class Delays {
  private Delays() {}

  /** The slowest call of those that were done and asked for after that moment. */
  public static Duration slowestCall(Recorded recorded, long afterNanos) {
    LongSummaryStatistics nanos =
        recorded
            .of(Fact.Call.class)
            .filter(call -> call.answer() == Answer.OK && call.askedNanos() > afterNanos)
            .mapToLong(call -> call.answeredNanos() - call.askedNanos())
            .summaryStatistics();
    return Duration.ofNanos(Math.max(0, nanos.getMax()));
  }

  /**
   * How executions got over something.
   *
   * @param executions that ran at that moment
   * @param last until the last of those that did go on went on
   * @param waiting those that have not gone on yet
   */
  public record GettingOver(int executions, Duration last, Set<String> waiting) {}

  /**
   * How the executions that ran at that moment went on: a task of theirs, or of a child's, was
   * handed out, a result taken, or they were seen to have ended.
   *
   * @param counted which executions; none that nobody works at
   * @param atNanos by {@link System#nanoTime()}
   */
  public static GettingOver goingOn(Recorded recorded, long atNanos, Predicate<String> counted) {
    Set<String> ended =
        recorded
            .of(Fact.End.class)
            .filter(end -> end.atNanos() <= atNanos)
            .map(Fact::execution)
            .collect(Collectors.toSet());
    Map<String, Long> first = new HashMap<>();
    recorded
        .of(Fact.Call.class)
        .filter(call -> call.asked() instanceof Asked.Start && call.answer() == Answer.OK)
        .filter(call -> call.answeredNanos() <= atNanos && !ended.contains(call.execution()))
        .filter(call -> counted.test(call.execution()))
        .forEach(call -> first.put(call.execution(), Long.MAX_VALUE));
    recorded
        .all()
        .forEach(fact ->
            first.computeIfPresent(
                root(fact.execution()),
                (execution, before) -> Math.min(before, wentOnAt(fact, atNanos))));
    long last =
        first.values().stream()
            .mapToLong(Long::longValue)
            .filter(at -> at != Long.MAX_VALUE)
            .max()
            .orElse(atNanos);
    Set<String> waiting =
        first.entrySet().stream()
            .filter(entry -> entry.getValue() == Long.MAX_VALUE)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return new GettingOver(first.size(), Duration.ofNanos(last - atNanos), waiting);
  }

  /** The execution that has it as a child, or as a child's child; itself otherwise. */
  private static String root(String execution) {
    return execution.split("/", 2)[0];
  }

  /** When this shows that the execution went on after that moment; never: it does not. */
  private static long wentOnAt(Fact fact, long afterNanos) {
    long at =
        switch (fact) {
          case Fact.Handed handed -> handed.atNanos();
          case Fact.End end -> end.atNanos();
          case Fact.Call call -> call.answer() == Answer.OK ? call.answeredNanos() : 0;
          case Fact.Read ignored -> 0;
          case Fact.Denied ignored -> 0;
        };
    return at > afterNanos ? at : Long.MAX_VALUE;
  }

  /** The longest time between two acknowledged results. */
  public static Duration longestStandstill(Recorded recorded) {
    long[] times =
        recorded
            .of(Fact.Call.class)
            .filter(call -> call.asked() instanceof Asked.Complete)
            .filter(call -> call.answer() == Answer.OK)
            .mapToLong(Fact.Call::answeredNanos)
            .sorted()
            .toArray();
    long longest = 0;
    for (int i = 1; i < times.length; i++) {
      longest = Math.max(longest, times[i] - times[i - 1]);
    }
    return Duration.ofNanos(longest);
  }
}
