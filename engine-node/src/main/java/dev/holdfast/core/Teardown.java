package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import java.time.Instant;

/** What is done last, whatever the outcome, which it doesn't change. */
final class Teardown {
  private Teardown() {}

  /** Whether the task is the one that has no part in how the execution ends. */
  static boolean is(PlannedTask task) {
    return task.origin() == PlannedTask.Hook.TEARDOWN;
  }

  /** How many of the tasks that have not ended are not the teardown. */
  static int othersOpen(Fold fold) {
    int teardown = fold.plan().teardown();
    boolean isOpen = teardown >= 0 && !fold.task(teardown).status().isEnded();
    return fold.openTasks() - (isOpen ? 1 : 0);
  }

  /** Begins it; its definition has one. */
  static void begin(Draft draft, Closing closing) {
    int index = draft.fold().plan().teardown();
    PlannedTask task = draft.planned(index);
    Instant until = draft.now().plus(task.timeout());
    draft.emit(
        new Event.TeardownBegan(closing.outcome(), closing.output(), closing.error(), until));
    try {
      draft.emit(new Event.TaskReadied(task.id(), Inputs.of(draft, task)));
    } catch (UnusableException e) {
      Attempts.failTask(draft, index, e.error());
    }
  }

  /** Its time is up, with all its attempts. */
  static void giveUp(Draft draft) {
    int index = draft.fold().plan().teardown();
    String message = "the teardown took longer than " + draft.planned(index).timeout();
    Hooks.cancel(draft, PlannedTask.Hook.ON_RESUME, message);
    if (!draft.fold().task(index).status().isEnded()) {
      Attempts.giveUp(draft, index, new TaskError(ErrorTypes.TIMEOUT, message));
    }
    Ending.endIfDone(draft);
  }
}
