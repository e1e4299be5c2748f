package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.PlannedTask.Hook;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pausing and going on. While it pauses the graph is frozen: only results are written down. */
final class Pausing {
  /** Who resumes an execution that was paused for too long. */
  static final String AUTO_RESUME = "auto-resume";

  private Pausing() {}

  static Decision pause(ExecutionState state, Command.PauseExecution command, Instant now) {
    Duration most = Objects.requireNonNullElse(command.autoResumeAfter(), Limits.AUTO_RESUME_AFTER);
    return pause(state, command, now.plus(most), now);
  }

  /**
   * @param autoResumeAt when it is to end by itself
   */
  static Decision pause(
      ExecutionState state, Command.PauseExecution command, Instant autoResumeAt, Instant now) {
    if (state.recentCommands().contains(command.commandId())) {
      return Decider.NOTHING;
    }
    return switch (state.status()) {
      case RUNNING -> {
        Duration left =
            state.waitsForSlot()
                ? state.header().timeout()
                : Duration.between(now, state.deadline());
        Duration remaining = left.isNegative() ? Duration.ZERO : left;
        yield pause(state, command, remaining, autoResumeAt, now);
      }
      case PAUSING -> {
        Pause pause = Objects.requireNonNull(state.pause());
        yield command.mode() == PauseMode.IMMEDIATE && pause.mode() == PauseMode.GRACEFUL
            ? pause(state, command, pause.remaining(), pause.autoResumeAt(), now)
            : Decider.NOTHING;
      }
      case PAUSED -> Decider.NOTHING;
      case CANCELLING, COMPLETED, FAILED, CANCELLED, TIMED_OUT ->
          Decider.wrongState(state, "can't be paused");
    };
  }

  private static Decision pause(
      ExecutionState state,
      Command.PauseExecution command,
      Duration remaining,
      Instant autoResumeAt,
      Instant now) {
    var draft = Draft.of(state, now);
    draft.emit(
        new Event.PauseRequested(
            command.commandId(),
            command.mode(),
            command.by(),
            command.reason(),
            remaining,
            autoResumeAt));
    if (command.mode() == PauseMode.IMMEDIATE) {
      Hooks.cancel(draft, Hook.ON_PAUSE, "the pause was not to wait any longer");
      for (int i = 0; i < draft.fold().taskCount(); i++) {
        Attempt running = draft.fold().task(i).runningAttempt();
        if (running != null
            && running.child() == null
            && draft.planned(i).origin() != Hook.ON_PAUSE) {
          Attempts.revokeAndRequeue(draft, i, "the execution was paused at once");
        }
      }
    }
    pauseIfIdle(draft);
    return draft.accepted();
  }

  /**
   * Once nothing runs any more, here or in children, what the definition wants done at a pause
   * begins; a pausing execution is paused when that has ended.
   */
  static void pauseIfIdle(Draft draft) {
    Pause pause = draft.fold().pause();
    if (draft.fold().status() != ExecutionStatus.PAUSING
        || !Children.allRest(draft.fold())
        || pause == null) {
      return;
    }
    // What waits for a slot has nothing that could be released, or acquired again.
    if (!pause.parked() && !draft.fold().waitsForSlot()) {
      Hooks.begin(draft, Hook.ON_PAUSE);
    }
    if (!Hooks.isOpen(draft.fold(), Hook.ON_PAUSE)) {
      draft.emit(new Event.ExecutionPaused());
    }
  }

  /** What is to be done at the pause is tried again if it is time for that. */
  static void retryParking(Draft draft) {
    if (Hooks.isOpen(draft.fold(), Hook.ON_PAUSE)) {
      int index = draft.fold().plan().indexOf(Hook.ON_PAUSE.id());
      Instant retryAt = draft.fold().task(index).retryAt();
      if (retryAt != null && draft.isDue(retryAt)) {
        Attempts.requeue(draft, index);
      }
    }
  }

  static Decision resume(ExecutionState state, Command.ResumeExecution command, Instant now) {
    if (state.recentCommands().contains(command.commandId())) {
      return Decider.NOTHING;
    }
    return switch (state.status()) {
      case PAUSING, PAUSED -> {
        var draft = Draft.of(state, now);
        resume(draft, command.commandId(), command.by(), command.reason(), command.force());
        Graph.settle(draft);
        yield draft.accepted();
      }
      case RUNNING, CANCELLING, COMPLETED, FAILED, CANCELLED, TIMED_OUT ->
          Decider.wrongState(state, "can't be resumed: it is not paused");
    };
  }

  /** Goes on by itself; what follows is left to the caller. */
  static void resumeAutomatically(Draft draft) {
    resume(draft, null, AUTO_RESUME, null, false);
  }

  static void resume(
      Draft draft, @Nullable String commandId, String by, @Nullable String reason, boolean force) {
    Pause pause = Objects.requireNonNull(draft.fold().pause());
    Instant deadline = draft.now().plus(pause.remaining());
    Hooks.cancel(draft, Hook.ON_PAUSE, "the execution goes on");
    draft.emit(new Event.ExecutionResumed(commandId, by, reason, force, deadline));
    if (draft.fold().waitsForSlot()) {
      return;
    }
    if (pause.parked() || !draft.fold().plan().reserve().has(Hook.ON_PAUSE)) {
      Hooks.begin(draft, Hook.ON_RESUME);
    }
  }
}
