package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Join;
import java.util.ArrayDeque;

/**
 * Lets everything follow that follows from a task's end: tasks become ready, are skipped, decide,
 * fail, and finally the execution ends. Looks at the successors of what has ended, and at nothing
 * else, so that a result costs the same in a large execution as in a small one.
 */
final class Graph {
  private static final String ABANDONED = "another task failed the execution";

  private final Draft draft;
  private final Fold fold;

  /** Tasks that have ended and whose successors have not been looked at. */
  private final ArrayDeque<Integer> ended = new ArrayDeque<>();

  private boolean abandoned;

  private Graph(Draft draft) {
    this.draft = draft;
    this.fold = draft.fold();
  }

  private PlannedTask planned(int task) {
    return draft.planned(task);
  }

  /** After an attempt of the task ended. */
  static void follow(Draft draft, int task) {
    switch (draft.fold().status()) {
      case RUNNING -> {
        if (draft.fold().task(task).status().isEnded()) {
          var graph = new Graph(draft);
          graph.taskEnded(task);
          graph.run();
        }
      }
      case PAUSING -> Pausing.pauseIfIdle(draft);
      case CANCELLING -> Ending.endIfDone(draft);
      case PAUSED, COMPLETED, FAILED, CANCELLED, TIMED_OUT -> {}
    }
  }

  /** Looks at all tasks: when an execution begins, and when it goes on. */
  static void settle(Draft draft) {
    Fold fold = draft.fold();
    boolean isClosing = fold.closing() != null;
    if (fold.waitsForSlot()) {
      return;
    }
    if (fold.status() == ExecutionStatus.RUNNING
        || (isClosing && fold.status() == ExecutionStatus.CANCELLING)) {
      var graph = new Graph(draft);
      graph.moveWhatIsDue();
      if (!isClosing) {
        graph.goOn();
      }
      graph.run();
    }
  }

  private void goOn() {
    if (fold.error() != null) {
      abandon();
    } else {
      considerAll();
    }
    tendAll();
  }

  private void run() {
    for (Integer next = ended.poll(); next != null; next = ended.poll()) {
      PlannedTask task = planned(next);
      if (task.origin() instanceof PlannedTask.Item item) {
        tend(item.of());
      }
      if (Spawning.maySpawn(task)) {
        // What it added may need nothing that is still open.
        considerAll();
        continue;
      }
      if (task.origin() == PlannedTask.Hook.SETUP) {
        considerAll();
        tendAll();
        continue;
      }
      boolean decided = task.kind() instanceof PlannedTask.SwitchTask;
      for (int successor : task.successors()) {
        consider(successor, decided);
      }
    }
    Ending.endIfDone(draft);
  }

  private void moveWhatIsDue() {
    for (int i = 0; i < fold.taskCount(); i++) {
      TaskState task = fold.task(i);
      if (task.retryAt() != null && draft.isDue(task.retryAt())) {
        Attempts.requeue(draft, i);
      }
      if (task.gate() != null && !task.status().isEnded()) {
        Passage.move(draft, i);
        if (fold.task(i).status().isEnded()) {
          ended.add(i);
        }
      }
    }
  }

  private void considerAll() {
    for (int i = 0; i < fold.taskCount(); i++) {
      consider(i, true);
    }
  }

  private void taskEnded(int task) {
    ended.add(task);
    if (fold.is(task, TaskStatus.FAILED)
        && planned(task).onFailure().isFatal()
        && fold.closing() == null) {
      abandon();
    }
  }

  /**
   * The execution will fail: what has not ended is cancelled, but for the tasks that run always.
   */
  private void abandon() {
    if (abandoned) {
      return;
    }
    abandoned = true;
    for (int i = 0; i < fold.taskCount(); i++) {
      if (!fold.task(i).status().isEnded() && !outlives(planned(i))) {
        Attempts.cancelTask(draft, i, ABANDONED);
      }
    }
    considerAll();
  }

  /** Whether the task runs though the execution will fail. */
  private boolean outlives(PlannedTask task) {
    return Teardown.is(task) || (task.join() == Join.ALWAYS && !Hooks.hasFailed(fold));
  }

  /** Whether the task has to wait, whatever it needs has ended. */
  private boolean isHeld(PlannedTask task) {
    int setup = fold.plan().setup();
    return Teardown.is(task)
        || task.origin() instanceof PlannedTask.Compensation
        || (setup >= 0 && task.index() != setup && !fold.task(setup).status().isEnded());
  }

  private void consider(int task, boolean afterDecision) {
    if (!fold.is(task, TaskStatus.PENDING)
        || fold.task(task).gate() != null
        || isHeld(planned(task))) {
      return;
    }
    if (afterDecision && skipNotTaken(task)) {
      return;
    }
    switch (verdict(planned(task))) {
      case WAIT -> {}
      case READY -> ready(task);
      case SKIP -> skip(task, reasonToSkip(planned(task)));
      case CANCEL -> {
        Attempts.cancelTask(draft, task, ABANDONED);
        taskEnded(task);
      }
    }
  }

  private boolean skipNotTaken(int task) {
    for (int need : planned(task).needs()) {
      if (planned(need).kind() instanceof PlannedTask.SwitchTask kind
          && Choices.excludes(kind, fold.task(need), task)) {
        skip(task, "'%s' took another path".formatted(planned(need).id()));
        return true;
      }
    }
    return false;
  }

  private enum Verdict {
    WAIT,
    READY,
    SKIP,
    CANCEL
  }

  private Verdict verdict(PlannedTask task) {
    int completed = 0;
    boolean broken = false;
    for (int need : task.needs()) {
      switch (fold.task(need).status()) {
        case PENDING, READY, RUNNING, RETRYING, AWAITING_APPROVAL -> {
          return Verdict.WAIT;
        }
        case COMPLETED -> completed++;
        case FAILED -> broken |= planned(need).onFailure().isFatal();
        case CANCELLED -> broken = true;
        case SKIPPED -> {}
      }
    }
    if (task.join() == Join.ALWAYS) {
      return Verdict.READY;
    }
    if (broken) {
      return Verdict.CANCEL;
    }
    boolean enough =
        task.join() == Join.ALL
            ? completed == task.needs().size()
            : completed > 0 || task.needs().isEmpty();
    return enough ? Verdict.READY : Verdict.SKIP;
  }

  private static String reasonToSkip(PlannedTask task) {
    return task.join() == Join.ALL
        ? "not every task that it needs completed"
        : "every task that it needs was skipped";
  }

  private void skip(int task, String reason) {
    draft.emit(new Event.TaskSkipped(planned(task).id(), reason));
    taskEnded(task);
  }

  private void ready(int index) {
    PlannedTask task = planned(index);
    try {
      Expression when = task.when();
      if (when != null && !Evaluation.holds("when", when, Scope.of(fold.view()))) {
        skip(index, "when ${%s} is false".formatted(when.source()));
        return;
      }
      switch (task.kind()) {
        case PlannedTask.AgentTask _, PlannedTask.UnmannedTask _, PlannedTask.WorkflowTask _ -> {
          Passage.begin(draft, task);
          if (fold.task(index).status().isEnded()) {
            taskEnded(index);
          }
        }
        case PlannedTask.ForEachTask kind -> {
          Lists.expand(draft, task, kind);
          tend(index);
        }
        case PlannedTask.SwitchTask kind -> {
          Deciding.decide(draft, task, kind);
          taskEnded(index);
        }
      }
    } catch (UnusableException e) {
      fail(index, e.error());
    }
  }

  private void tendAll() {
    for (int i = 0; i < fold.taskCount(); i++) {
      if (planned(i).kind() instanceof PlannedTask.ForEachTask) {
        tend(i);
      }
    }
  }

  /** Goes on with a list whose items are under way, as far as can be. */
  private void tend(int task) {
    if (Lists.isOpen(fold, task) && !isHeld(planned(task)) && Lists.tend(draft, task)) {
      taskEnded(task);
    }
  }

  private void fail(int task, TaskError error) {
    Attempts.failTask(draft, task, error);
    taskEnded(task);
  }
}
