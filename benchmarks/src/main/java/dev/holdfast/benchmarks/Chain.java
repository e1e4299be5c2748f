package dev.holdfast.benchmarks;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.Command;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Event;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Gates;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.RetryPolicy;
import dev.holdfast.core.SchemaCheck;
import dev.holdfast.core.TaskState;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.codec.EntryEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One execution of a chain of tasks, driven as the engine drives it, without the grid. */
final class Chain {
  private static final String PAYLOAD = "0123456789abcdef".repeat(12);

  private final Plan plan;
  private final ExecutionKey key;
  private @Nullable ExecutionState state;
  private byte[] hash = EntryEncoder.genesis();

  /** No task before this one is open. */
  private int first;

  Chain(Plan plan, String id) {
    this.plan = plan;
    this.key = new ExecutionKey(ExecutionKey.DEFAULT_TENANT, id);
  }

  static Plan plan(int tasks) {
    var planned = new ArrayList<PlannedTask>();
    for (int i = 0; i < tasks; i++) {
      planned.add(
          new PlannedTask(
              "t" + i,
              i,
              new PlannedTask.AgentTask("noop", Map.of()),
              i == 0 ? List.of() : List.of(i - 1),
              i + 1 == tasks ? List.of() : List.of(i + 1),
              PlannedTask.Join.ANY,
              null,
              null,
              Map.of(),
              Limits.TASK_TIMEOUT,
              null,
              RetryPolicy.DEFAULT,
              null,
              PlannedTask.OnFailure.FAIL,
              Gates.NONE,
              PlannedTask.Defined.IN_DEFINITION));
    }
    return new Plan(
        "chain",
        1,
        Limits.WORKFLOW_TIMEOUT,
        Map.of(),
        planned,
        null,
        SchemaCheck.NONE,
        SchemaCheck.NONE);
  }

  @Nullable ExecutionState state() {
    return state;
  }

  /** The next transition's events; empty at the end. A result and the next start are one. */
  List<Event> decide(Instant now) {
    ExecutionState here = state;
    if (here == null) {
      return accept(
          new Command.StartExecution(
              plan, key, Map.of("payload", PAYLOAD), Map.of(), null, 5, null, "digest", "bench"),
          now);
    }
    for (int i = first; i < here.tasks().size(); i++) {
      TaskState task = here.tasks().get(i);
      if (task.status().isEnded()) {
        first = i + 1;
        continue;
      }
      if (task.status() == TaskStatus.READY) {
        return accept(
            new Command.StartTask(plan.tasks().get(i).id(), 0x5eed_0000_0000_0000L + i, "w-1"),
            now);
      }
      Attempt attempt = task.runningAttempt();
      if (attempt != null) {
        return accept(
            new Command.CompleteTask(
                plan.tasks().get(i).id(),
                attempt.number(),
                attempt.nonce(),
                Map.of("payload", PAYLOAD)),
            now);
      }
    }
    return List.of();
  }

  List<Event> pause(Instant now) {
    return accept(new Command.PauseExecution("p-1", PauseMode.IMMEDIATE, "ann", null), now);
  }

  private List<Event> accept(Command command, Instant now) {
    if (Decider.decide(state, command, now) instanceof Decision.Accepted accepted) {
      return accepted.events();
    }
    throw new IllegalStateException("refused: " + command);
  }

  void evolve(List<Event> events, Instant at) {
    ExecutionState here = state;
    if (here != null) {
      state = Evolver.evolve(here, events, at);
    } else {
      var begun = Evolver.begin(plan, key, (Event.ExecutionStarted) events.getFirst(), at);
      state = Evolver.evolve(begun, events.subList(1, events.size()), at);
    }
  }

  /** The entry of the next transition, the start of a task with what made it ready. */
  @Nullable JournalEntry next(Instant now) {
    List<Event> events = decide(now);
    return events.isEmpty() ? null : entry(events, now);
  }

  /** The entry of these events, which are applied. */
  JournalEntry entry(List<Event> events, Instant now) {
    ExecutionState before = state;
    long fromSeq = before == null ? 1 : before.seq() + 1;
    evolve(events, now);
    ExecutionState after = state;
    if (after == null) {
      throw new IllegalStateException("no state after " + events);
    }
    JournalEntry entry = EntryEncoder.encode(key, fromSeq, 1, now, events, hash, after);
    hash = entry.content().hash();
    return entry;
  }
}
