package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import java.time.Instant;

/**
 * Executions with a concurrency key: they begin without a slot, and do nothing before they are
 * given one.
 */
final class Slotting {
  private Slotting() {}

  /**
   * The key of an execution that begins.
   *
   * @throws UnusableException when its definition's expression gives none
   */
  static String key(ConcurrencyKey wanted, ExecutionState begun) throws UnusableException {
    Object value = Evaluation.of("concurrencyKey", wanted.value(), Scope.of(begun));
    if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
      throw Evaluation.failed(
          "concurrencyKey must give text, a number or a boolean, but gave "
              + Evaluation.kindOf(value));
    }
    String key = value.toString();
    if (key.isBlank() || key.length() > Limits.LABEL_CHARS_MAX) {
      throw Evaluation.failed(
          "concurrencyKey must have 1 to %d characters, but has %d"
              .formatted(Limits.LABEL_CHARS_MAX, key.length()));
    }
    return key;
  }

  static Decision grant(ExecutionState state, Command.GrantSlot command, Instant now) {
    Slot slot = state.slot();
    if (slot != null && slot.held()) {
      return Decider.NOTHING;
    }
    if (!state.waitsForSlot() || state.status() != ExecutionStatus.RUNNING) {
      return Decider.wrongState(state, "waits for no slot");
    }
    if (state.seq() != command.seq()) {
      return Decider.wrongState(
          state, "has changed since it was given a slot at seq " + command.seq());
    }
    var draft = Draft.of(state, now);
    draft.emit(new Event.SlotGranted(now.plus(state.header().timeout())));
    Graph.settle(draft);
    return draft.accepted();
  }
}
