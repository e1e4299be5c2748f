package dev.holdfast.core;

import dev.holdfast.core.Command.StartExecution;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.time.Instant;

/** Beginning an execution. */
final class Starting {
  private Starting() {}

  static Decision start(StartExecution command, Instant now) {
    Plan plan = command.plan();
    if (plan.tasks().size() > Limits.TASKS_MAX) {
      return tooLarge("tasks", plan.tasks().size(), "TASKS_MAX", Limits.TASKS_MAX);
    }
    long inputBytes = Sizes.of(command.input());
    if (inputBytes > Limits.PAYLOAD_BYTES_MAX) {
      return tooLarge("bytes of input", inputBytes, "PAYLOAD_BYTES_MAX", Limits.PAYLOAD_BYTES_MAX);
    }
    int attributes = command.attributes().size();
    if (attributes > Limits.ATTRIBUTES_MAX) {
      return tooLarge("attributes", attributes, "ATTRIBUTES_MAX", Limits.ATTRIBUTES_MAX);
    }
    Duration timeout = command.timeout() == null ? plan.timeout() : command.timeout();
    var started =
        new Event.ExecutionStarted(
            plan.name(),
            plan.version(),
            command.input(),
            plan.variables(),
            command.attributes(),
            command.session(),
            command.priority(),
            now.plus(timeout),
            command.requestDigest(),
            command.by(),
            command.parent());
    var draft = Draft.beginning(Evolver.fold(plan, command.key(), started, now), started, now);
    ConcurrencyKey wanted = plan.concurrencyKey();
    if (wanted == null) {
      Graph.settle(draft);
      return draft.accepted();
    }
    try {
      String key = Slotting.key(wanted, draft.fold().view());
      draft.emit(new Event.SlotAwaited(key, wanted.limit(), wanted.onLimit()));
    } catch (UnusableException e) {
      return Decider.rejected(Code.INVALID_CONCURRENCY_KEY, e.error().message());
    }
    return draft.accepted();
  }

  private static Decision tooLarge(String what, long size, String limit, long bound) {
    return Decider.rejected(
        Code.LIMIT_EXCEEDED,
        "%d %s are more than an execution may have: %s is %d".formatted(size, what, limit, bound));
  }

  static Decision repeat(ExecutionState state, StartExecution command) {
    if (state.header().requestDigest().equals(command.requestDigest())) {
      return Decider.NOTHING;
    }
    return Decider.rejected(
        Code.ID_CONFLICT,
        "execution %s was started by another request; choose another id".formatted(state.key()));
  }
}
