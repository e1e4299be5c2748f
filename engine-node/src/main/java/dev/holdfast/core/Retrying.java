package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Item;
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
    if (only != null && Hooks.isAside(state.plan().task(only))) {
      return Decider.wrongState(state, "its task '%s' is not what failed it".formatted(only));
    }
    if (only != null && isSettled(state, state.plan().task(only))) {
      return Decider.wrongState(
          state, "its task '%s' is of a list that has completed without it".formatted(only));
    }
    if (Saga.isIn(state.plan())) {
      return Decider.wrongState(state, "what its tasks did was undone: start it anew");
    }
    BitSet again = again(state, only == null ? -1 : state.plan().indexOf(only));
    if (again.isEmpty()) {
      return Decider.wrongState(
          state, "no task of it failed: its output did; start it anew with another definition");
    }
    addHooks(state.plan(), again);
    List<String> tasks = again.stream().mapToObj(i -> state.plan().tasks().get(i).id()).toList();
    var draft = Draft.of(state, now);
    draft.emit(
        new Event.ExecutionRetried(
            command.commandId(), command.by(), tasks, now.plus(state.header().timeout())));
    Slot slot = state.slot();
    if (slot != null) {
      draft.emit(new Event.SlotAwaited(slot.key(), slot.limit(), slot.onLimit()));
    }
    Graph.settle(draft);
    return draft.accepted();
  }

  /** What was torn down is set up anew before anything else, and torn down in the end. */
  private static void addHooks(Plan plan, BitSet again) {
    if (plan.setup() >= 0) {
      again.set(plan.setup());
    }
    if (plan.teardown() >= 0) {
      again.set(plan.teardown());
    }
  }

  /** Whether it is an item of a list whose task has completed, and so is not begun anew. */
  private static boolean isSettled(ExecutionState state, PlannedTask planned) {
    return planned.origin() instanceof Item item
        && state.tasks().get(item.of()).status() == TaskStatus.COMPLETED;
  }

  /**
   * The tasks that failed or were cancelled, and all that follow from them. Where a list's task is
   * among them and nothing that it needs is, its list stands, and so do its items that completed;
   * else what the task had added is gone with it.
   *
   * @param only of those that failed only this, with its list or its items; -1: all
   */
  private static BitSet again(ExecutionState state, int only) {
    List<PlannedTask> planned = state.plan().tasks();
    var again = new BitSet(planned.size());
    var open = new ArrayDeque<Integer>();
    for (PlannedTask task : planned) {
      TaskStatus status = state.tasks().get(task.index()).status();
      boolean failed = status == TaskStatus.FAILED && (only < 0 || isOf(task, only));
      if ((failed || status == TaskStatus.CANCELLED)
          && !isSettled(state, task)
          && !Hooks.isAside(task)) {
        add(task, again, open);
      }
    }
    var afresh = new BitSet(planned.size());
    for (Integer next = open.poll(); next != null; next = open.poll()) {
      for (int successor : planned.get(next).successors()) {
        afresh.set(successor);
        add(planned.get(successor), again, open);
      }
    }
    for (PlannedTask task : planned) {
      boolean isGone =
          task.origin() instanceof Item item && afresh.get(item.of())
              || task.origin() instanceof PlannedTask.Spawned(int by) && again.get(by);
      if (isGone) {
        again.clear(task.index());
      }
    }
    return again;
  }

  private static boolean isOf(PlannedTask task, int only) {
    return task.index() == only || task.origin() instanceof Item item && item.of() == only;
  }

  /** With an item the task whose list it is of. */
  private static void add(PlannedTask task, BitSet again, ArrayDeque<Integer> open) {
    if (task.origin() instanceof Item item && !again.get(item.of())) {
      again.set(item.of());
      open.add(item.of());
    }
    if (!again.get(task.index())) {
      again.set(task.index());
      open.add(task.index());
    }
  }
}
