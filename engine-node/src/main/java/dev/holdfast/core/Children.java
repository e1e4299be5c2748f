package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.api.TaskToken;
import dev.holdfast.core.PlannedTask.OnParentClose;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import dev.holdfast.core.Rejection.Code;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that other executions carry out, as their execution sees them. A task that is RUNNING on a
 * child is a standing wish: the child is to be there, in the condition in which {@link #wish} says,
 * and its end is the attempt's.
 */
public final class Children {
  private Children() {}

  /**
   * The id of the execution that carries this attempt of a task out. An item of a list, {@code
   * lines[3]}, is in it as it is in a URL: {@code lines.3}.
   */
  public static String idOf(String execution, String task, int attempt) {
    String first = execution + "/" + TaskToken.pathOf(task);
    return attempt == 1 ? first : first + "/" + attempt;
  }

  /**
   * @throws UnusableException when the execution is too deep down to have children
   */
  static void checkDepth(ExecutionHeader header) throws UnusableException {
    if (header.depth() >= Limits.CHILD_DEPTH_MAX) {
      throw new UnusableException(
          new TaskError(
              ErrorTypes.LIMIT_EXCEEDED,
              "the execution is %d levels below the first one, CHILD_DEPTH_MAX is %d"
                  .formatted(header.depth(), Limits.CHILD_DEPTH_MAX)));
    }
  }

  static Decision start(ExecutionState state, Command.StartChild command, Instant now) {
    int index = state.plan().find(command.task());
    if (index < 0) {
      return Decider.noSuchTask(state, command.task());
    }
    TaskState task = state.tasks().get(index);
    Attempt running = task.runningAttempt();
    if (running != null && running.nonce() == command.nonce()) {
      return Decider.NOTHING;
    }
    if (state.status() != ExecutionStatus.RUNNING) {
      return Decider.wrongState(state, "starts no children");
    }
    PlannedTask planned = state.plan().tasks().get(index);
    if (task.status() != TaskStatus.READY
        || !Turn.isOf(state, index)
        || !(planned.kind() instanceof WorkflowTask kind)) {
      return Decider.rejected(
          Code.TASK_NOT_READY,
          "task '%s' is %s and waits for no workflow".formatted(planned.id(), task.status()));
    }
    int attempt = task.attemptCount() + 1;
    var draft = Draft.of(state, now);
    draft.emit(
        new Event.ChildStarted(
            planned.id(),
            attempt,
            command.nonce(),
            idOf(state.key().id(), planned.id(), attempt),
            kind.definition(),
            command.version(),
            now.plus(planned.timeout())));
    return draft.accepted();
  }

  static Decision tell(ExecutionState state, Command.TellOfChild command, Instant now) {
    int index = state.plan().find(command.task());
    if (index < 0) {
      return Decider.noSuchTask(state, command.task());
    }
    Attempt running = state.tasks().get(index).runningAttempt();
    if (running == null || running.child() == null || running.number() != command.attempt()) {
      return Decider.NOTHING;
    }
    var draft = Draft.of(state, now);
    switch (command.report()) {
      case ChildReport.Completed(var output) -> complete(draft, index, output);
      case ChildReport.Failed(var error) ->
          Attempts.failAttempt(
              draft, index, AttemptOutcome.ERROR, Results.bounded(error), true, null);
      case ChildReport.NotStarted(var error) ->
          Attempts.failAttempt(
              draft, index, AttemptOutcome.ERROR, Results.bounded(error), false, null);
      case ChildReport.Paused() -> {
        if (state.status() == ExecutionStatus.PAUSING && !running.child().paused()) {
          draft.emit(new Event.ChildPaused(command.task(), command.attempt()));
        }
      }
    }
    if (!draft.isEmpty()) {
      Graph.follow(draft, index);
    }
    return draft.accepted();
  }

  private static void complete(Draft draft, int index, @Nullable Object output) {
    PlannedTask planned = draft.planned(index);
    Map<String, @Nullable Object> values;
    try {
      Results.checkSize(draft, index, output);
      values = Results.values(draft, planned, output);
    } catch (UnusableException e) {
      Attempts.failOnResult(draft, index, e.error());
      return;
    }
    int attempt = draft.fold().task(index).attemptCount();
    draft.emit(new Event.TaskCompleted(planned.id(), attempt, output));
    if (!values.isEmpty()) {
      draft.emit(new Event.VariablesSet(planned.id(), values));
    }
  }

  /** Whether nothing runs but children that are paused. */
  static boolean allRest(Fold fold) {
    int running = fold.runningTasks();
    for (int i = 0; running > 0 && i < fold.taskCount(); i++) {
      Attempt attempt = fold.task(i).runningAttempt();
      if (attempt != null) {
        if (attempt.child() == null || !attempt.child().paused()) {
          return false;
        }
        running--;
      }
    }
    return running == 0;
  }

  /** What the execution wants of the child that carries, or carried, this attempt out. */
  public static ParentWish wish(ExecutionState state, String task, int number) {
    Schedule schedule = state.schedule();
    if (schedule != null) {
      Schedule.Running running = schedule.running(number);
      return running == null
          ? new ParentWish.Release()
          : running.unwanted() ? new ParentWish.Cancel() : new ParentWish.Run();
    }
    int index = state.plan().find(task);
    if (index < 0) {
      return ofGone(state.plan(), task);
    }
    TaskState current = state.tasks().get(index);
    Attempt running = current.runningAttempt();
    if (running != null && running.number() == number) {
      return ofRunning(state);
    }
    for (Attempt attempt : current.attempts()) {
      if (attempt.number() == number && attempt.outcome() != null) {
        return ofEnded(state.plan().tasks().get(index), attempt.outcome());
      }
    }
    return wasBefore(state, index, number) ? ofGone(state.plan(), task) : new ParentWish.Release();
  }

  /** Whether it is the number of an attempt of an item in a list that has been made anew since. */
  private static boolean wasBefore(ExecutionState state, int index, int number) {
    return state.plan().tasks().get(index).origin() instanceof PlannedTask.Item item
        && number <= state.tasks().get(item.of()).attemptCount();
  }

  /** Of an item that went with its list, whose attempts nobody knows any more. */
  private static ParentWish ofGone(Plan plan, String task) {
    int list = Growing.listOf(task).map(plan::find).orElse(-1);
    return list < 0 ? new ParentWish.Release() : whenClosed(plan.tasks().get(list));
  }

  private static ParentWish ofRunning(ExecutionState state) {
    return switch (state.status()) {
      case RUNNING -> new ParentWish.Run();
      case PAUSING, PAUSED -> {
        Pause pause = state.pause();
        yield pause == null
            ? new ParentWish.Run()
            : new ParentWish.Pause(pause.mode(), pause.autoResumeAt());
      }
      case CANCELLING, COMPLETED, FAILED, CANCELLED, TIMED_OUT -> new ParentWish.Cancel();
    };
  }

  private static ParentWish ofEnded(PlannedTask planned, AttemptOutcome outcome) {
    return switch (outcome) {
      case TIMED_OUT -> new ParentWish.Cancel();
      case REVOKED -> whenClosed(planned);
      case COMPLETED, ERROR, LEASE_LOST -> new ParentWish.Release();
    };
  }

  private static ParentWish whenClosed(PlannedTask planned) {
    return planned.carrier() instanceof WorkflowTask kind
            && kind.onParentClose() == OnParentClose.CANCEL
        ? new ParentWish.Cancel()
        : new ParentWish.Release();
  }

  /** The number of that wish: it grows with each change of mind. */
  public static long wishSeq(ExecutionState state) {
    Pause pause = state.pause();
    return pause == null ? state.seq() : pause.seq();
  }
}
