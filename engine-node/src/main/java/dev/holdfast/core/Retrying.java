package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;

/** Going on with a failed execution. */
final class Retrying {
  private Retrying() {}

  static Decision retry(ExecutionState state, Command.RetryExecution command, Instant now) {
    if (state.recentCommands().contains(command.commandId())) {
      return Decider.NOTHING;
    }
    String only = command.task();
    if (only != null && !state.plan().has(only)) {
      return Decider.noSuchTask(state, only);
    }
    if (state.status() != ExecutionStatus.FAILED) {
      return Decider.wrongState(state, "can't be retried: only a FAILED one can");
    }
    if (only != null && state.task(only).status() != TaskStatus.FAILED) {
      return Decider.wrongState(
          state, "its task '%s' is %s, not FAILED".formatted(only, state.task(only).status()));
    }
    BitSet again = again(state, only == null ? -1 : state.plan().indexOf(only));
    if (again.isEmpty()) {
      return Decider.wrongState(
          state, "no task of it failed: its output did; start it anew with another definition");
    }
    List<String> tasks = again.stream().mapToObj(i -> state.plan().tasks().get(i).id()).toList();
    var draft = Draft.of(state, now);
    draft.emit(
        new Event.ExecutionRetried(
            command.commandId(), command.by(), tasks, now.plus(state.header().timeout())));
    Graph.settle(draft);
    return draft.accepted();
  }

  /**
   * The tasks that failed or were cancelled, and all that follow from them.
   *
   * @param only of those that failed only this; -1: all
   */
  private static BitSet again(ExecutionState state, int only) {
    var again = new BitSet(state.tasks().size());
    var open = new ArrayDeque<Integer>();
    for (int i = 0; i < state.tasks().size(); i++) {
      TaskStatus status = state.tasks().get(i).status();
      boolean failed = status == TaskStatus.FAILED && (only < 0 || only == i);
      if (failed || status == TaskStatus.CANCELLED) {
        again.set(i);
        open.add(i);
      }
    }
    for (Integer next = open.poll(); next != null; next = open.poll()) {
      for (int successor : state.plan().tasks().get(next).successors()) {
        if (!again.get(successor)) {
          again.set(successor);
          open.add(successor);
        }
      }
    }
    return again;
  }
}
