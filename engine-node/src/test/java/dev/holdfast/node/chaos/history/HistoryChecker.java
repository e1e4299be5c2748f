package dev.holdfast.node.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Holds the final histories of a run to what clients saw during it. Says what is wrong, a sentence
 * each; an empty list is a run without a fault found.
 */
public final class HistoryChecker {
  /** The {@code concurrency} of the lists that the workload has. */
  public static final int ITEMS_AT_ONCE_MAX = 3;

  private HistoryChecker() {}

  /**
   * @param histories the final history of every execution, by id: of those that were asked for,
   *     their children, schedules by {@link FiringCheck#idOf} and what these began; one that is not
   *     there is missing or has an empty one
   */
  public static List<String> check(Recorded recorded, Map<String, List<Happened>> histories) {
    var wrong = new ArrayList<String>();
    var factsOf = new HashMap<String, List<Fact>>();
    for (Fact fact : recorded.all()) {
      factsOf.computeIfAbsent(fact.execution(), execution -> new ArrayList<>()).add(fact);
    }
    var ends = new EndCheck(recorded, PlaceCheck.check(histories, wrong::add), wrong::add);
    var executions = new TreeSet<>(factsOf.keySet());
    executions.addAll(histories.keySet());
    for (String execution : executions) {
      List<Fact> facts = factsOf.getOrDefault(execution, List.of());
      List<Happened> history = histories.getOrDefault(execution, List.of());
      if (!history.isEmpty()) {
        ChainCheck.check(execution, history, wrong::add);
        TaskCheck.check(execution, history, wrong::add);
        ListCheck.check(execution, history, wrong::add);
        SignalCheck.check(execution, history, wrong::add);
        new AnswerCheck(execution, history, wrong::add).check(facts);
        ends.check(execution, history);
      } else if (facts.stream().anyMatch(HistoryChecker::needsTheExecution)) {
        wrong.add(execution + " is not there, in spite of " + kinds(facts));
      }
      if (FiringCheck.isSchedule(execution)) {
        FiringCheck.check(execution, histories, wrong::add);
      }
    }
    KinCheck.check(histories, wrong::add);
    SlotCheck.check(recorded, histories, wrong::add);
    return wrong;
  }

  /** What was seen of an execution, briefly. */
  private static String kinds(List<Fact> facts) {
    return facts.stream()
        .filter(HistoryChecker::needsTheExecution)
        .map(fact ->
            switch (fact) {
              case Fact.Call call -> call.asked().getClass().getSimpleName();
              case Fact.End end -> "its end " + end.status();
              default -> fact.getClass().getSimpleName();
            })
        .distinct()
        .sorted()
        .toList()
        .toString();
  }

  private static boolean needsTheExecution(Fact fact) {
    return switch (fact) {
      case Fact.Call call -> call.answer() == Answer.OK;
      case Fact.Read ignored -> true;
      case Fact.End ignored -> true;
      // Handed out once its start is durable, acknowledged or not.
      case Fact.Handed ignored -> true;
      case Fact.Denied ignored -> false;
    };
  }
}
