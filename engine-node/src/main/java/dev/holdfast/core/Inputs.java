package dev.holdfast.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a task's attempts are given. */
final class Inputs {
  private Inputs() {}

  /**
   * The task's input as the event has it: null for a task that is given the execution's.
   *
   * @throws UnusableException when its expressions fail, or it is too large
   */
  static @Nullable Object of(Draft draft, PlannedTask task) throws UnusableException {
    return task.input() == null ? null : of(draft, task, scope(draft.fold(), task));
  }

  /**
   * The same with what its input sees.
   *
   * @throws UnusableException when its expressions fail, or it is too large
   */
  static @Nullable Object of(Draft draft, PlannedTask task, Scope scope) throws UnusableException {
    Template template = task.input();
    if (template == null) {
      return null;
    }
    Object input = Evaluation.of("input", template, scope);
    long bytes = Sizes.of(input);
    Evaluation.checkPayload("the input", bytes);
    Evaluation.checkState("the input", draft.fold().payloadBytes() + bytes);
    return input;
  }

  private static Scope scope(Fold fold, PlannedTask task) {
    return switch (task.origin()) {
      case PlannedTask.Item(int of, int number) ->
          Scope.withItem(fold.view(), items(fold.task(of)).get(number), number);
      case PlannedTask.Compensation(int of) ->
          Scope.withOutput(fold.view(), fold.task(of).output());
      case PlannedTask.Spawned _ -> Scope.of(fold.view());
      case PlannedTask.Defined _, PlannedTask.Hook _ -> Scope.of(fold.view());
    };
  }

  /** The list of a {@code forEach} task that has expanded. */
  private static List<?> items(TaskState task) {
    if (task.fanOut() != null && task.input() instanceof List<?> items) {
      return items;
    }
    throw new IllegalStateException("a task that is " + task.status() + " has no items");
  }
}
