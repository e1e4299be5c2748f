package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Compensation;
import dev.holdfast.core.PlannedTask.Hook;
import dev.holdfast.core.PlannedTask.OnFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Undoing what the tasks of an execution did that has failed, the last one first. */
final class Saga {
  private Saga() {}

  /** Whether a task has failed that wants it, and there is something to undo. */
  static boolean isDue(Fold fold) {
    if (fold.undoable().isEmpty()) {
      return false;
    }
    for (int i = 0; i < fold.taskCount(); i++) {
      if (fold.is(i, TaskStatus.FAILED)
          && fold.plan().tasks().get(i).onFailure() == OnFailure.COMPENSATE) {
        return true;
      }
    }
    return false;
  }

  /** Whether what was done is being undone. */
  static boolean isUnderWay(Fold fold) {
    int teardown = fold.plan().teardown();
    return fold.closing() != null && (teardown < 0 || fold.is(teardown, TaskStatus.PENDING));
  }

  /** Whether an execution of this plan was undone. */
  static boolean isIn(Plan plan) {
    return plan.growth().stream().anyMatch(Growth.Compensations.class::isInstance);
  }

  /** Begins it. The time that the workflow may take is given to it anew. */
  static void begin(Draft draft, TaskError error) {
    List<String> tasks = draft.fold().undoable().reversed();
    Instant deadline = draft.now().plus(draft.fold().header().timeout());
    draft.emit(new Event.CompensationBegan(tasks, error, deadline));
    goOn(draft);
  }

  /** Begins the next compensation once the one before it has ended; and ends with the last one. */
  static void goOn(Draft draft) {
    for (PlannedTask task : draft.fold().plan().tasks()) {
      if (task.origin() instanceof Compensation) {
        if (draft.fold().is(task.index(), TaskStatus.PENDING)) {
          ready(draft, task);
        }
        if (!draft.fold().task(task.index()).status().isEnded()) {
          return;
        }
      }
    }
    if (Teardown.othersOpen(draft.fold()) > 0) {
      // What a resume asks for goes before all that follows.
      return;
    }
    TaskError error = Objects.requireNonNull(draft.fold().closing()).error();
    Ending.close(draft, Closing.failed(withUndone(draft.fold(), Objects.requireNonNull(error))));
  }

  private static void ready(Draft draft, PlannedTask task) {
    try {
      draft.emit(new Event.TaskReadied(task.id(), Inputs.of(draft, task)));
    } catch (UnusableException e) {
      Attempts.failTask(draft, task.index(), e.error());
    }
  }

  /** Its time is up: what has not been undone stays so. */
  static void giveUp(Draft draft) {
    String message = "undoing took longer than " + draft.fold().header().timeout();
    for (PlannedTask task : draft.fold().plan().tasks()) {
      if (task.origin() instanceof Compensation
          && !draft.fold().task(task.index()).status().isEnded()) {
        Attempts.giveUp(draft, task.index(), new TaskError(ErrorTypes.TIMEOUT, message));
      }
    }
    Hooks.cancel(draft, Hook.ON_RESUME, message);
    goOn(draft);
  }

  /** Why the execution failed, with the tasks whose compensations did so too. */
  private static TaskError withUndone(Fold fold, TaskError error) {
    var undone = new ArrayList<String>();
    for (PlannedTask task : fold.plan().tasks()) {
      TaskError why = fold.task(task.index()).error();
      if (task.origin() instanceof Compensation(int of) && why != null) {
        String id = fold.plan().tasks().get(of).id();
        undone.add("%s (%s: %s)".formatted(id, why.type(), why.message()));
      }
    }
    return undone.isEmpty()
        ? error
        : Results.bounded(
            new TaskError(
                error.type(),
                error.message() + "; left undone: " + String.join(", ", undone),
                error.details()));
  }
}
