package dev.holdfast.core;

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
    Template template = task.input();
    if (template == null) {
      return null;
    }
    Object input = Evaluation.of("input", template, Scope.of(draft.fold().view()));
    long bytes = Sizes.of(input);
    Evaluation.checkPayload("the input", bytes);
    Evaluation.checkState("the input", draft.fold().payloadBytes() + bytes);
    return input;
  }
}
