package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How executions end. */
final class Ending {
  private Ending() {}

  /** Ends a running execution once all of its tasks have ended. */
  static void endIfDone(Draft draft) {
    Fold fold = draft.fold();
    if (fold.status() != ExecutionStatus.RUNNING || fold.openTasks() > 0) {
      return;
    }
    TaskError error = fold.error() != null ? fold.error() : remainingFailure(fold);
    if (error != null) {
      draft.emit(new Event.ExecutionFailed(error));
      return;
    }
    try {
      draft.emit(new Event.ExecutionCompleted(output(fold)));
    } catch (UnusableException e) {
      draft.emit(new Event.ExecutionFailed(e.error()));
    }
  }

  /** The failure of a task that a retry of other tasks left as it was. */
  private static @Nullable TaskError remainingFailure(Fold fold) {
    List<PlannedTask> planned = fold.plan().tasks();
    for (int i = 0; i < planned.size(); i++) {
      if (fold.is(i, TaskStatus.FAILED)
          && planned.get(i).onFailure() == PlannedTask.OnFailure.FAIL) {
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
          && !(task.origin() instanceof PlannedTask.Item)
          && fold.is(task.index(), TaskStatus.COMPLETED)) {
        outputs.put(task.id(), fold.task(task.index()).output());
      }
    }
    return Collections.unmodifiableMap(outputs);
  }

  /** Ends a running execution whose time is up, and every task with it. */
  static void timeOut(Draft draft) {
    cancelAll(draft, "the execution timed out");
    draft.emit(new Event.ExecutionTimedOut());
  }

  /** Cancels every task that has not ended; running attempts are taken back. */
  static void cancelAll(Draft draft, String why) {
    for (int i = 0; i < draft.fold().taskCount(); i++) {
      if (!draft.fold().task(i).status().isEnded()) {
        Attempts.cancelTask(draft, i, why);
      }
    }
  }
}
