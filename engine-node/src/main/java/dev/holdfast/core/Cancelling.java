package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import java.time.Instant;

/** Ending an execution because somebody wants it. */
final class Cancelling {
  private Cancelling() {}

  static Decision cancel(ExecutionState state, Command.CancelExecution command, Instant now) {
    if (state.recentCommands().contains(command.commandId())) {
      return Decider.NOTHING;
    }
    Closing closing = state.closing();
    if (closing != null) {
      return state.status() == ExecutionStatus.CANCELLING
          ? Decider.NOTHING
          : Decider.wrongState(
              state,
              "has nothing to cancel: it will be %s once what comes last has ended"
                  .formatted(closing.outcome()));
    }
    return switch (state.status()) {
      case RUNNING, PAUSING, PAUSED, CANCELLING -> {
        var draft = Draft.of(state, now);
        draft.emit(new Event.CancelRequested(command.commandId(), command.by(), command.reason()));
        finish(draft);
        yield draft.accepted();
      }
      case CANCELLED -> Decider.NOTHING;
      case COMPLETED, FAILED, TIMED_OUT -> Decider.wrongState(state, "has nothing to cancel");
    };
  }

  /** Ends every task, and the execution. */
  static void finish(Draft draft) {
    Ending.cancelAll(draft, "the execution was cancelled");
    Ending.close(draft, Closing.cancelled());
  }
}
