package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Which event led from which status to which, of executions and of tasks. */
final class Moves {
  /**
   * @param from null: from nothing
   */
  record Move<S extends Enum<S>>(S from, String event, S to) {}

  private static <S extends Enum<S>> TreeSet<Move<S>> sorted() {
    return new TreeSet<>(
        Comparator.<Move<S>, Integer>comparing(
                move -> move.from() == null ? -1 : move.from().ordinal())
            .thenComparing(move -> move.to().ordinal())
            .thenComparing(Move::event));
  }

  private final TreeSet<Move<ExecutionStatus>> ofExecutions = sorted();
  private final TreeSet<Move<TaskStatus>> ofTasks = sorted();

  TreeSet<Move<ExecutionStatus>> ofExecutions() {
    return ofExecutions;
  }

  TreeSet<Move<TaskStatus>> ofTasks() {
    return ofTasks;
  }

  /** Notes what these events do to the state, one by one, and gives the state after them. */
  ExecutionState follow(ExecutionState before, List<Event> events, Instant at) {
    ExecutionState state = before;
    for (Event event : events) {
      ExecutionState next = Evolver.evolve(state, event, at);
      note(state, event, next);
      state = next;
    }
    return state;
  }

  /** Notes an execution's beginning. */
  void begin(ExecutionState begun) {
    ofExecutions.add(new Move<>(null, "ExecutionStarted", begun.status()));
  }

  private void note(ExecutionState before, Event event, ExecutionState after) {
    String name = event.getClass().getSimpleName();
    if (before.status() != after.status()) {
      ofExecutions.add(new Move<>(before.status(), name, after.status()));
    }
    for (PlannedTask planned : before.plan().tasks()) {
      if (!after.plan().has(planned.id())) {
        continue;
      }
      TaskStatus from = before.tasks().get(planned.index()).status();
      TaskStatus to = after.task(planned.id()).status();
      if (from != to) {
        ofTasks.add(new Move<>(from, name, to));
      }
    }
  }
}
