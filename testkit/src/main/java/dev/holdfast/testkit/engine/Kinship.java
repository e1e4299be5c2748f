package dev.holdfast.testkit.engine;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ChildCommands;
import dev.holdfast.core.ChildReport;
import dev.holdfast.core.ChildRun;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Following;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.Schedule;
import dev.holdfast.core.ScheduleCommand;
import dev.holdfast.core.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings executions that carry out tasks of others into the condition that these wish for. */
final class Kinship {
  private final Agenda agenda;
  private final VirtualEngine engine;
  private final DefinitionShelf definitions;
  private long nonces;

  Kinship(Agenda agenda, VirtualEngine engine, DefinitionShelf definitions) {
    this.agenda = agenda;
    this.engine = engine;
    this.definitions = definitions;
  }

  /** The task waits for a child. */
  void start(ExecutionState state, String task) {
    if (state.plan().task(task).kind() instanceof WorkflowTask kind) {
      soon(() -> {
        int version = version(kind.definition(), kind.version());
        engine.submit(state.key(), new Command.StartChild(task, ++nonces, version));
      });
    }
  }

  /** A time of the schedule waits. */
  void begin(ExecutionState state, Instant scheduledAt) {
    Schedule schedule = state.schedule();
    if (schedule != null) {
      soon(() -> {
        int version = version(schedule.spec().definition(), schedule.spec().version());
        engine.submit(state.key(), new ScheduleCommand.BeginFiring(scheduledAt, ++nonces, version));
      });
    }
  }

  private int version(String definition, @Nullable Integer pinned) {
    return pinned != null
        ? pinned
        : definitions.lookUp(definition, null).map(Plan::version).orElse(0);
  }

  private void soon(Runnable action) {
    agenda.plan(agenda.now(), action);
  }

  /** The attempt's child is to be as its parent wants it. */
  void tend(ExecutionKey key, String task, int number) {
    soon(() -> {
      ExecutionState parent = state(key);
      Attempt attempt =
          parent == null ? null : ChildCommands.attempt(parent, task, number).orElse(null);
      ChildRun run = attempt == null ? null : attempt.child();
      if (parent != null && attempt != null && run != null) {
        tend(parent, task, attempt, run);
      }
    });
  }

  private void tend(ExecutionState parent, String task, Attempt attempt, ChildRun run) {
    var child = new ExecutionKey(parent.key().tenant(), run.id());
    Optional<ChildReport> report = Optional.empty();
    if (engine.find(child) != null) {
      engine.submit(child, ChildCommands.follow(parent, task, attempt.number()));
    } else if (attempt.outcome() == null) {
      report = started(parent, task, attempt, run);
    }
    ExecutionState state = state(child);
    if (report.isEmpty() && state != null) {
      report = Following.report(state);
    }
    if (report.isPresent()) {
      engine.submit(parent.key(), new Command.TellOfChild(task, attempt.number(), report.get()));
    }
  }

  /** What is to be said of a child that could not be started. */
  private Optional<ChildReport> started(
      ExecutionState parent, String task, Attempt attempt, ChildRun run) {
    String definition = ChildCommands.definition(parent, task, attempt.number()).orElse("");
    Optional<Plan> plan = definitions.lookUp(definition, run.version());
    if (plan.isEmpty()) {
      return Optional.of(new ChildReport.NotStarted(ChildCommands.undefined(run, definition)));
    }
    List<String> violations =
        plan.get().inputSchema().violations(ChildCommands.input(parent, task));
    if (!violations.isEmpty()) {
      return Optional.of(new ChildReport.NotStarted(ChildCommands.unfit(run, violations)));
    }
    Command.StartExecution start = ChildCommands.start(parent, task, attempt, run, plan.get());
    return engine.submit(start.key(), start) instanceof Step.Refused(var rejection)
        ? Optional.of(new ChildReport.Failed(failure(run, rejection)))
        : Optional.empty();
  }

  private static TaskError failure(ChildRun run, Rejection rejection) {
    return rejection.code() == Rejection.Code.CONCURRENCY_LIMIT
        ? ChildCommands.withoutSlot(run, rejection.message())
        : ChildCommands.notStarted(run, rejection.message());
  }

  /** The execution may be a child that has ended, or is paused. */
  void tellParent(ExecutionKey key) {
    soon(() -> {
      ExecutionState child = state(key);
      ParentLink link = child == null ? null : child.header().parent();
      Optional<ChildReport> report = child == null ? Optional.empty() : Following.report(child);
      if (link != null && report.isPresent()) {
        engine.submit(
            new ExecutionKey(key.tenant(), link.execution()),
            new Command.TellOfChild(link.task(), link.attempt(), report.get()));
      }
    });
  }

  private @Nullable ExecutionState state(ExecutionKey key) {
    Chronicle chronicle = engine.find(key);
    return chronicle == null ? null : chronicle.state();
  }
}
