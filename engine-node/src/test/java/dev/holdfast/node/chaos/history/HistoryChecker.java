package dev.holdfast.node.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the final histories of a run to what clients saw during it. Says what is wrong, a sentence
 * each; an empty list is a run without a fault found.
 */
public final class HistoryChecker {
  private HistoryChecker() {}

  /**
   * @param histories the final history of every execution that was asked for, by id; an execution
   *     that is not there is missing or has an empty one
   */
  public static List<String> check(Recorded recorded, Map<String, List<Happened>> histories) {
    var wrong = new ArrayList<String>();
    var factsOf = new HashMap<String, List<Fact>>();
    for (Fact fact : recorded.all()) {
      factsOf.computeIfAbsent(fact.execution(), execution -> new ArrayList<>()).add(fact);
    }
    factsOf.forEach((execution, facts) -> {
      List<Happened> history = histories.getOrDefault(execution, List.of());
      if (history.isEmpty()) {
        if (facts.stream().anyMatch(HistoryChecker::needsTheExecution)) {
          wrong.add(execution + " is not there, in spite of " + kinds(facts));
        }
        return;
      }
      ChainCheck.check(execution, history, wrong::add);
      TaskCheck.check(execution, history, wrong::add);
      new AnswerCheck(execution, history, wrong::add).check(facts);
    });
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
