package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command.StartExecution;
import dev.holdfast.core.Event.ExecutionStarted;
import dev.holdfast.core.ScheduleCommand.SetSchedule;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command's way through the rules: what was decided and, where anything changed, the state that
 * it led to. Pure; every shell around the core begins with it.
 */
public sealed interface Step {
  /** It is refused and changes nothing. */
  record Refused(Rejection rejection) implements Step {}

  /** It holds, and nothing follows: a repeat, or there was nothing to do. */
  record Unchanged(ExecutionState state) implements Step {}

  /**
   * It holds.
   *
   * @param at the events' time
   * @param after the state with all of them
   */
  record Changed(List<Event> events, Instant at, ExecutionState after) implements Step {}

  /**
   * Decides and folds.
   *
   * @param before null: there is no such execution
   */
  static Step of(@Nullable ExecutionState before, Command command, Instant now) {
    Instant at = Decider.timeOf(before, now);
    return switch (Decider.decide(before, command, at)) {
      case Decision.Rejected(var rejection) -> new Refused(rejection);
      case Decision.Accepted(var events) when events.isEmpty() -> {
        if (before == null) {
          throw new IllegalStateException("a command was accepted without events or execution");
        }
        yield new Unchanged(before);
      }
      case Decision.Accepted(var events) ->
          new Changed(events, at, fold(before, command, events, at));
    };
  }

  private static ExecutionState fold(
      @Nullable ExecutionState before, Command command, List<Event> events, Instant at) {
    if (before != null) {
      return Evolver.evolve(before, events, at);
    }
    if (!(events.getFirst() instanceof ExecutionStarted first)) {
      throw new IllegalStateException("an execution does not begin with its start");
    }
    ExecutionState begun = Evolver.begin(planOf(command), keyOf(command), first, at);
    return Evolver.evolve(begun, events.subList(1, events.size()), at);
  }

  private static Plan planOf(Command command) {
    return command instanceof StartExecution start ? start.plan() : Schedule.PLAN;
  }

  private static ExecutionKey keyOf(Command command) {
    if (command instanceof StartExecution start) {
      return start.key();
    }
    if (command instanceof SetSchedule set) {
      return set.key();
    }
    throw new IllegalStateException("no execution begins with " + command);
  }
}
