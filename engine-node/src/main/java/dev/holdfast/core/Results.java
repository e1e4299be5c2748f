package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import dev.holdfast.core.Rejection.Code;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What workers report of their attempts. */
final class Results {
  private Results() {}

  static Decision complete(ExecutionState state, Command.CompleteTask command, Instant now) {
    int index = state.plan().find(command.task());
    if (index < 0) {
      return Decider.noSuchTask(state, command.task());
    }
    TaskState task = state.tasks().get(index);
    Attempt running = task.runningAttempt();
    if (!Attempts.isWorkers(running, command.attempt(), command.nonce())) {
      return repeated(
          task, command.task(), command.attempt(), command.nonce(), AttemptOutcome.COMPLETED);
    }
    Decision refusal = refusal(state, index, command);
    if (refusal != null) {
      return refusal;
    }
    var draft = Draft.of(state, now);
    apply(draft, index, command);
    Graph.follow(draft, index);
    return draft.accepted();
  }

  private static void apply(Draft draft, int index, Command.CompleteTask command) {
    PlannedTask planned = draft.planned(index);
    Map<String, @Nullable Object> values;
    try {
      values = values(draft, planned, command.output());
    } catch (UnusableException e) {
      Attempts.failOnResult(draft, index, e.error());
      return;
    }
    draft.emit(new Event.TaskCompleted(planned.id(), command.attempt(), command.output()));
    if (!values.isEmpty()) {
      draft.emit(new Event.VariablesSet(planned.id(), values));
    }
    if (!command.spawn().isEmpty()) {
      draft.emit(new Event.TasksSpawned(planned.id(), command.spawn()));
    }
  }

  private static @Nullable Decision refusal(
      ExecutionState state, int index, Command.CompleteTask command) {
    Decision tooLarge =
        tooLarge(state, index, command.output(), "the attempt goes on: fail it or give less");
    return tooLarge != null || command.spawn().isEmpty()
        ? tooLarge
        : Spawning.refusal(state, index, command.output(), command.spawn());
  }

  /**
   * What the task's {@code set} makes of the output, none of it seeing the others' new values.
   *
   * @throws UnusableException when one of them fails, or there would be too much of them
   */
  static Map<String, @Nullable Object> values(
      Draft draft, PlannedTask planned, @Nullable Object output) throws UnusableException {
    if (planned.set().isEmpty()) {
      return Map.of();
    }
    var scope = Scope.withOutput(draft.fold().view(), output);
    var values = new LinkedHashMap<String, @Nullable Object>();
    for (var entry : planned.set().entrySet()) {
      String where = "set." + entry.getKey();
      values.put(entry.getKey(), Evaluation.of(where, entry.getValue(), scope));
    }
    var changed = new LinkedHashMap<>(draft.fold().variables());
    changed.putAll(values);
    long bytes = Sizes.of(changed);
    Evaluation.checkPayload("the variables", bytes);
    long growth = bytes - Sizes.of(draft.fold().variables()) + Sizes.of(output);
    Evaluation.checkState("the variables", draft.fold().payloadBytes() + growth);
    return Collections.unmodifiableMap(values);
  }

  /**
   * A refusal of an output that is too large; null: it isn't.
   *
   * @param otherwise what becomes of the task without it
   */
  static @Nullable Decision tooLarge(
      ExecutionState state, int index, @Nullable Object output, String otherwise) {
    long bytes = Sizes.of(output);
    if (bytes > Limits.PAYLOAD_BYTES_MAX) {
      return Decider.rejected(
          Code.LIMIT_EXCEEDED,
          "the output has %d bytes, PAYLOAD_BYTES_MAX is %d; %s"
              .formatted(bytes, Limits.PAYLOAD_BYTES_MAX, otherwise));
    }
    long freed = Sizes.ofInput(state.plan().tasks().get(index), state.tasks().get(index));
    long after = state.payloadBytes() + bytes - freed;
    if (after > Limits.STATE_BYTES_MAX) {
      return Decider.rejected(
          Code.LIMIT_EXCEEDED,
          "with this output the execution would have %d bytes, STATE_BYTES_MAX is %d; %s"
              .formatted(after, Limits.STATE_BYTES_MAX, otherwise));
    }
    return null;
  }

  /**
   * @throws UnusableException when the task can't have so large an output
   */
  static void checkSize(Draft draft, int index, @Nullable Object output) throws UnusableException {
    long bytes = Sizes.of(output);
    Evaluation.checkPayload("the output", bytes);
    long freed = Sizes.ofInput(draft.planned(index), draft.fold().task(index));
    Evaluation.checkState("the output", draft.fold().payloadBytes() + bytes - freed);
  }

  static Decision fail(ExecutionState state, Command.FailTask command, Instant now) {
    int index = state.plan().find(command.task());
    if (index < 0) {
      return Decider.noSuchTask(state, command.task());
    }
    TaskState task = state.tasks().get(index);
    Attempt running = task.runningAttempt();
    if (!Attempts.isWorkers(running, command.attempt(), command.nonce())) {
      return repeated(
          task, command.task(), command.attempt(), command.nonce(), AttemptOutcome.ERROR);
    }
    var draft = Draft.of(state, now);
    Attempts.failAttempt(
        draft,
        index,
        AttemptOutcome.ERROR,
        bounded(command.error()),
        command.retryable(),
        command.retryAfter());
    Graph.follow(draft, index);
    return draft.accepted();
  }

  /** An error is never refused for its size: the worker would have no way to say that it failed. */
  static TaskError bounded(TaskError error) {
    String message = error.message();
    Object details = error.details();
    if (message.length() > Limits.ERROR_CHARS_MAX) {
      message = message.substring(0, Limits.ERROR_CHARS_MAX) + "…";
    }
    if (Sizes.of(details) > Limits.ERROR_DETAILS_BYTES_MAX) {
      message += " (details of %d bytes left out)".formatted(Sizes.of(details));
      details = null;
    }
    return new TaskError(error.type(), message, details);
  }

  /** Nothing when the same was reported of that attempt before, else a refusal. */
  private static Decision repeated(
      TaskState task, String id, int number, long nonce, AttemptOutcome outcome) {
    for (Attempt attempt : task.attempts()) {
      if (Attempts.isOf(attempt, number, nonce) && attempt.outcome() == outcome) {
        return Decider.NOTHING;
      }
    }
    return Decider.rejected(
        Code.STALE_ATTEMPT,
        "attempt %d of task '%s' is not the one that runs now: the task is %s"
            .formatted(number, id, task.status()));
  }
}
