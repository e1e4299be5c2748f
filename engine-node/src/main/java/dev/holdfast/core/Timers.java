package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When an execution has to be looked at again, and what happens then. */
public final class Timers {
  private Timers() {}

  /**
   * The earliest time at which {@code FireTimers} may do something; empty: never. Looks at every
   * task: for after timers fired and for recovery, not for after each result.
   */
  public static Optional<Instant> next(ExecutionState state) {
    Schedule schedule = state.schedule();
    if (schedule != null) {
      return schedule.timer();
    }
    return switch (state.status()) {
      case RUNNING ->
          state.waitsForSlot()
              ? Optional.empty()
              : Optional.of(earliest(state, state.deadline(), true));
      case PAUSING -> Optional.of(earliest(state, autoResumeAt(state), false));
      case PAUSED -> Optional.of(autoResumeAt(state));
      case CANCELLING ->
          Optional.of(
              state.closing() == null
                  ? state.updatedAt()
                  : earliest(state, state.deadline(), true));
      case COMPLETED, FAILED, CANCELLED, TIMED_OUT -> Optional.empty();
    };
  }

  private static Instant autoResumeAt(ExecutionState state) {
    return Objects.requireNonNull(state.pause()).autoResumeAt();
  }

  private static Instant earliest(ExecutionState state, Instant first, boolean withWaits) {
    Instant earliest = first;
    for (int i = 0; i < state.tasks().size(); i++) {
      TaskState task = state.tasks().get(i);
      Attempt running = task.runningAttempt();
      earliest = earlier(earliest, running == null || rests(running) ? null : running.deadline());
      earliest = earlier(earliest, withWaits || isParking(state, i) ? task.retryAt() : null);
      earliest = earlier(earliest, withWaits ? gateDue(task) : null);
    }
    return earliest;
  }

  /** Whether it is a child that is paused with its parent, whose time stands still. */
  private static boolean rests(Attempt running) {
    return running.child() != null && running.child().paused();
  }

  /** What a pause waits for is tried again during it. */
  private static boolean isParking(ExecutionState state, int task) {
    return state.plan().tasks().get(task).origin() == PlannedTask.Hook.ON_PAUSE;
  }

  /** When the task's gate moves it on by itself; null: it stands at none, or it never does. */
  private static @Nullable Instant gateDue(TaskState task) {
    Gate gate = task.gate();
    return gate == null || task.status().isEnded() ? null : gate.due();
  }

  private static Instant earlier(Instant one, @Nullable Instant other) {
    return other != null && other.isBefore(one) ? other : one;
  }

  static Decision fire(ExecutionState state, Instant now) {
    var draft = Draft.of(state, now);
    Pause pause = state.pause();
    if (pause != null && draft.isDue(pause.autoResumeAt())) {
      Pausing.resumeAutomatically(draft);
    }
    switch (draft.fold().status()) {
      case RUNNING -> fireOpen(draft);
      case PAUSING -> {
        timeOutAttempts(draft);
        Pausing.retryParking(draft);
        Pausing.pauseIfIdle(draft);
      }
      case CANCELLING -> {
        if (state.closing() == null) {
          Cancelling.finish(draft);
        } else {
          fireOpen(draft);
        }
      }
      case PAUSED, COMPLETED, FAILED, CANCELLED, TIMED_OUT -> {}
    }
    return draft.accepted();
  }

  private static void fireOpen(Draft draft) {
    if (draft.fold().waitsForSlot()) {
      return;
    }
    if (draft.isDue(draft.fold().deadline())) {
      if (draft.fold().closing() == null) {
        Ending.timeOut(draft);
      } else if (Saga.isUnderWay(draft.fold())) {
        Saga.giveUp(draft);
      } else {
        Teardown.giveUp(draft);
      }
      return;
    }
    timeOutAttempts(draft);
    // All tasks are looked at, so that whatever has been left standing goes on as well.
    Graph.settle(draft);
  }

  private static void timeOutAttempts(Draft draft) {
    for (int i = 0; i < draft.fold().taskCount(); i++) {
      Attempt attempt = draft.fold().task(i).runningAttempt();
      if (attempt != null && !rests(attempt) && draft.isDue(attempt.deadline())) {
        String message =
            "attempt %d ran longer than %s".formatted(attempt.number(), draft.planned(i).timeout());
        var error = new TaskError(ErrorTypes.TIMEOUT, message);
        Attempts.failAttempt(draft, i, AttemptOutcome.TIMED_OUT, error, true, null);
      }
    }
  }
}
