package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.Rejection.Code;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words from outside: the first task that waits for one takes it, else it is kept. */
final class Signalling {
  private static final int NOBODY = -1;

  private Signalling() {}

  static Decision send(ExecutionState state, Command.SendSignal command, Instant now) {
    if (state.signals().seen().contains(command.signalId())) {
      return Decider.NOTHING;
    }
    if (state.status().isEnded() || state.status() == ExecutionStatus.CANCELLING) {
      return Decider.wrongState(state, "takes no signals");
    }
    int taker = state.status() == ExecutionStatus.RUNNING ? taker(state, command.name()) : NOBODY;
    Decision refusal = tooMuch(state, command, taker);
    if (refusal != null) {
      return refusal;
    }
    var draft = Draft.of(state, now);
    draft.emit(
        new Event.SignalReceived(
            command.signalId(), command.name(), command.payload(), command.by()));
    if (taker != NOBODY) {
      Passage.move(draft, taker);
      Graph.follow(draft, taker);
    }
    return draft.accepted();
  }

  /** The first task that waits for such a signal. */
  private static int taker(ExecutionState state, String name) {
    List<PlannedTask> planned = state.plan().tasks();
    for (int i = 0; i < state.tasks().size(); i++) {
      if (state.tasks().get(i).gate() instanceof Gate.AwaitingSignal
          && planned.get(i).gates().signal() instanceof Gates.Signal signal
          && signal.name().equals(name)) {
        return i;
      }
    }
    return NOBODY;
  }

  private static @Nullable Decision tooMuch(
      ExecutionState state, Command.SendSignal command, int taker) {
    long bytes = Sizes.of(command.payload());
    if (bytes > Limits.SIGNAL_BYTES_MAX) {
      return Decider.rejected(
          Code.LIMIT_EXCEEDED,
          "the signal has %d bytes, SIGNAL_BYTES_MAX is %d; send what says where the rest is"
              .formatted(bytes, Limits.SIGNAL_BYTES_MAX));
    }
    if (state.payloadBytes() + bytes > Limits.STATE_BYTES_MAX) {
      return Decider.rejected(
          Code.LIMIT_EXCEEDED,
          "with this signal the execution would have %d bytes, STATE_BYTES_MAX is %d"
              .formatted(state.payloadBytes() + bytes, Limits.STATE_BYTES_MAX));
    }
    if (taker == NOBODY && state.signals().kept().size() >= Limits.SIGNALS_KEPT_MAX) {
      return Decider.rejected(
          Code.LIMIT_EXCEEDED,
          "execution %s keeps %d signals that no task has taken, SIGNALS_KEPT_MAX is %d; send it again once some are taken"
              .formatted(state.key(), state.signals().kept().size(), Limits.SIGNALS_KEPT_MAX));
    }
    return null;
  }
}
