package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.PlannedTask.ForEachTask;
import dev.holdfast.core.PlannedTask.SwitchTask;
import dev.holdfast.core.PlannedTask.UnmannedTask;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A task's way through its gates, from the end of its needs to an agent's queue. */
final class Passage {
  private Passage() {}

  /**
   * Its needs have ended and its condition holds: it goes as far as its gates let it.
   *
   * @throws UnusableException when its input can't be made, or its {@code set} fails
   */
  static void begin(Draft draft, PlannedTask task) throws UnusableException {
    Duration delay = task.gates().delay();
    if (delay == null) {
      afterDelay(draft, task);
    } else {
      draft.emit(new Event.TaskDelayed(task.id(), draft.now().plus(delay)));
    }
  }

  /** Moves a task that stands at a gate as far as time and signals let it. */
  static void move(Draft draft, int index) {
    PlannedTask task = draft.planned(index);
    Gate gate = draft.fold().task(index).gate();
    try {
      switch (gate) {
        case null -> {}
        case Gate.Delayed delayed -> {
          if (draft.isDue(delayed.until())) {
            afterDelay(draft, task);
          }
        }
        case Gate.AwaitingSignal waiting -> {
          Gates.Signal wanted = Objects.requireNonNull(task.gates().signal());
          if (!take(draft, task, wanted) && isDue(draft, waiting.until())) {
            String message = "no signal '%s' came within %s";
            fail(draft, task, ErrorTypes.SIGNAL_TIMEOUT, message, wanted.name(), wanted.timeout());
          }
        }
        case Gate.AwaitingApproval waiting -> {
          if (isDue(draft, waiting.until())) {
            Gates.Approval wanted = Objects.requireNonNull(task.gates().approval());
            String message = "nobody approved or rejected it within %s";
            fail(draft, task, ErrorTypes.APPROVAL_EXPIRED, message, wanted.expires());
          }
        }
        case Gate.Decided _ -> {}
      }
    } catch (UnusableException e) {
      Attempts.failTask(draft, index, e.error());
    }
  }

  private static boolean isDue(Draft draft, @Nullable Instant until) {
    return until != null && draft.isDue(until);
  }

  private static void fail(
      Draft draft, PlannedTask task, String type, String message, @Nullable Object... values) {
    Attempts.failTask(draft, task.index(), new TaskError(type, message.formatted(values)));
  }

  private static void afterDelay(Draft draft, PlannedTask task) throws UnusableException {
    Gates.Signal wanted = task.gates().signal();
    if (wanted == null) {
      afterSignal(draft, task, Scope.of(draft.fold().view()), null);
    } else if (!take(draft, task, wanted)) {
      Instant until = until(draft, wanted.timeout());
      draft.emit(new Event.SignalAwaited(task.id(), wanted.name(), until));
    }
  }

  /** Takes the oldest signal that is kept of those that the task wants, if there is one. */
  private static boolean take(Draft draft, PlannedTask task, Gates.Signal wanted)
      throws UnusableException {
    Signals.Signal kept = draft.fold().signals().oldest(wanted.name());
    if (kept == null) {
      return false;
    }
    draft.emit(new Event.SignalTaken(task.id(), wanted.name(), kept.id()));
    Scope scope = Scope.withSignal(draft.fold().view(), kept.payload());
    afterSignal(draft, task, scope, kept.payload());
    return true;
  }

  private static void afterSignal(
      Draft draft, PlannedTask task, Scope scope, @Nullable Object payload)
      throws UnusableException {
    Object input = Inputs.of(draft, task, scope);
    Gates.Approval approval = task.gates().approval();
    if (approval == null) {
      open(draft, task, input, task.input() == null ? payload : input);
    } else {
      Instant until = until(draft, approval.expires());
      draft.emit(new Event.ApprovalRequested(task.id(), input, until));
    }
  }

  private static @Nullable Instant until(Draft draft, @Nullable Duration most) {
    return most == null ? null : draft.now().plus(most);
  }

  /**
   * All gates are behind it.
   *
   * @param input as the event of its being ready has it
   * @param output of a task that nobody carries out
   * @throws UnusableException when its {@code set} fails
   */
  static void open(Draft draft, PlannedTask task, @Nullable Object input, @Nullable Object output)
      throws UnusableException {
    switch (task.kind()) {
      case AgentTask _ -> draft.emit(new Event.TaskReadied(task.id(), input));
      case UnmannedTask _ -> complete(draft, task, output);
      case WorkflowTask _ -> {
        Children.checkDepth(draft.fold().header());
        draft.emit(new Event.TaskReadied(task.id(), input));
      }
      case SwitchTask _, ForEachTask _ ->
          throw new IllegalStateException(task.id() + " has no gates");
    }
  }

  /**
   * It completes without an agent.
   *
   * @throws UnusableException when its {@code set} fails
   */
  static void complete(Draft draft, PlannedTask task, @Nullable Object output)
      throws UnusableException {
    Map<String, @Nullable Object> values = Results.values(draft, task, output);
    draft.emit(new Event.TaskPassed(task.id(), output));
    if (!values.isEmpty()) {
      draft.emit(new Event.VariablesSet(task.id(), values));
    }
  }
}
