package dev.holdfast.core;

import dev.holdfast.api.JsonValues;
import dev.holdfast.core.PlannedTask.Case;
import dev.holdfast.core.PlannedTask.SwitchTask;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Taking a {@code switch}'s decision, and writing down what it was made on. */
final class Deciding {
  private Deciding() {}

  /**
   * @throws UnusableException when a case's condition, or the task's {@code set}, fails
   */
  static void decide(Draft draft, PlannedTask task, SwitchTask kind) throws UnusableException {
    var scope = Scope.of(draft.fold().view());
    var looked = new LinkedHashMap<String, @Nullable Object>();
    int chosen = choose(kind.cases(), scope, looked);
    Case taken = chosen == Choices.NO_CASE ? new Case(null, List.of()) : kind.cases().get(chosen);
    List<String> then = taken.then().stream().map(i -> draft.planned(i).id()).toList();
    Expression when = taken.when();
    var decision =
        new Event.DecisionTaken(
            task.id(),
            chosen,
            when == null ? null : when.source(),
            then,
            Collections.unmodifiableMap(looked));
    var values = Results.values(draft, task, Choices.output(chosen, then));
    draft.emit(decision);
    if (!values.isEmpty()) {
      draft.emit(new Event.VariablesSet(task.id(), values));
    }
  }

  private static int choose(List<Case> cases, Scope scope, Map<String, @Nullable Object> looked)
      throws UnusableException {
    for (int i = 0; i < cases.size(); i++) {
      Expression when = cases.get(i).when();
      if (when == null) {
        return i;
      }
      boolean holds = Evaluation.holds("case " + i, when, scope);
      when.reads(scope).forEach((path, value) -> looked.put(path, forTheRecord(value)));
      if (holds) {
        return i;
      }
    }
    return Choices.NO_CASE;
  }

  private static @Nullable Object forTheRecord(@Nullable Object value) {
    long bytes = JsonValues.sizeBytes(value);
    return bytes > Limits.DECISION_VALUE_BYTES_MAX ? "(%d bytes)".formatted(bytes) : value;
  }
}
