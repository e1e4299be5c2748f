package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How executions end. */
final class Ending {
  private Ending() {}

  /**
   * Ends an execution once all of its tasks have ended; what comes last begins once all others
   * have.
   */
  static void endIfDone(Draft draft) {
    Fold fold = draft.fold();
    Closing closing = fold.closing();
    if (closing == null) {
      if (fold.status() == ExecutionStatus.RUNNING && Teardown.othersOpen(fold) == 0) {
        conclude(draft, outcome(fold));
      }
    } else if (Saga.isUnderWay(fold)) {
      Saga.goOn(draft);
    } else if (fold.openTasks() == 0) {
      finish(draft, closing);
    }
  }

  private static void conclude(Draft draft, Closing outcome) {
    TaskError error = outcome.error();
    if (error != null && Saga.isDue(draft.fold())) {
      Saga.begin(draft, error);
    } else {
      close(draft, outcome);
    }
  }

  private static Closing outcome(Fold fold) {
    TaskError error = fold.error() != null ? fold.error() : remainingFailure(fold);
    if (error != null) {
      return Closing.failed(error);
    }
    try {
      return Closing.completed(output(fold));
    } catch (UnusableException e) {
      return Closing.failed(e.error());
    }
  }

  /** All tasks have ended but the teardown, which begins if there is one. */
  static void close(Draft draft, Closing closing) {
    if (draft.fold().plan().teardown() < 0) {
      finish(draft, closing);
    } else if (draft.fold().waitsForSlot()) {
      // Nothing was set up, and without a slot nothing may run.
      Attempts.cancelTask(draft, draft.fold().plan().teardown(), "the execution never had a slot");
      finish(draft, closing);
    } else {
      Teardown.begin(draft, closing);
      endIfDone(draft);
    }
  }

  private static void finish(Draft draft, Closing closing) {
    draft.emit(
        switch (closing.outcome()) {
          case COMPLETED -> new Event.ExecutionCompleted(closing.output());
          case FAILED -> new Event.ExecutionFailed(Objects.requireNonNull(closing.error()));
          case CANCELLED -> new Event.ExecutionCancelled();
          case TIMED_OUT -> new Event.ExecutionTimedOut();
          case RUNNING, PAUSING, PAUSED, CANCELLING ->
              throw new IllegalStateException(closing.outcome() + " is no end");
        });
  }

  /** The failure of a task that a retry of other tasks left as it was. */
  private static @Nullable TaskError remainingFailure(Fold fold) {
    List<PlannedTask> planned = fold.plan().tasks();
    for (int i = 0; i < planned.size(); i++) {
      if (fold.is(i, TaskStatus.FAILED) && planned.get(i).onFailure().isFatal()) {
        return fold.task(i).error();
      }
    }
    return null;
  }

  private static @Nullable Object output(Fold fold) throws UnusableException {
    Object output;
    Template template = fold.plan().output();
    if (template == null) {
      output = outputsOfLastTasks(fold);
    } else {
      output = Evaluation.of("output", template, Scope.of(fold.view()));
      Evaluation.checkPayload("the execution's output", Sizes.of(output));
    }
    List<String> violations = fold.plan().outputSchema().violations(output);
    if (!violations.isEmpty()) {
      String message = "the output does not fit its schema: " + String.join("; ", violations);
      throw new UnusableException(new TaskError(ErrorTypes.OUTPUT_SCHEMA, message));
    }
    return output;
  }

  private static Map<String, @Nullable Object> outputsOfLastTasks(Fold fold) {
    var outputs = new LinkedHashMap<String, @Nullable Object>();
    for (PlannedTask task : fold.plan().tasks()) {
      if (task.successors().isEmpty()
          && isOfGraph(task.origin())
          && fold.is(task.index(), TaskStatus.COMPLETED)) {
        outputs.put(task.id(), fold.task(task.index()).output());
      }
    }
    return Collections.unmodifiableMap(outputs);
  }

  private static boolean isOfGraph(PlannedTask.Origin origin) {
    return switch (origin) {
      case PlannedTask.Defined _, PlannedTask.Spawned _ -> true;
      case PlannedTask.Item _, PlannedTask.Hook _, PlannedTask.Compensation _ -> false;
    };
  }

  /** Ends a running execution whose time is up, and every task with it. */
  static void timeOut(Draft draft) {
    cancelAll(draft, "the execution timed out");
    close(draft, Closing.timedOut(draft.fold().header().timeoutError()));
  }

  /**
   * Cancels every task that has not ended, but the one that comes last; running attempts are taken
   * back.
   */
  static void cancelAll(Draft draft, String why) {
    for (int i = 0; i < draft.fold().taskCount(); i++) {
      if (!draft.fold().task(i).status().isEnded() && !Teardown.is(draft.planned(i))) {
        Attempts.cancelTask(draft, i, why);
      }
    }
  }
}
