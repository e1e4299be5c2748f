package dev.holdfast.grid.kin;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ChildCommands;
import dev.holdfast.core.ChildReport;
import dev.holdfast.core.ChildRun;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Following;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.ParentWish;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import dev.holdfast.core.Schedule;
import dev.holdfast.core.ScheduleCommand;
import dev.holdfast.grid.Definitions;
import dev.holdfast.grid.kin.Talk.Answer;
import dev.holdfast.journal.StoredDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the executions which this member owns have the children that their states wish
 * for, in the condition that they wish for, and that parents hear how these end. All of it follows
 * from states, can be done twice, and is done again when an execution comes to another member or
 * has been quiet for some time: nothing of it is kept. Thread-safe; no call blocks.
 */
public final class Kin implements AutoCloseable {
  private final Talk talk;
  private final Definitions definitions;
  private final RandomGenerator random;
  private final Errands errands;

  /** Children whose parents want nothing of them any more. */
  private final Set<ExecutionKey> released = ConcurrentHashMap.newKeySet();

  /**
   * @param random for nonces; thread-safe
   * @param isOwned whether what follows from an execution's state is this member's business
   */
  public Kin(
      Talk talk, Definitions definitions, RandomGenerator random, Predicate<ExecutionKey> isOwned) {
    this.talk = talk;
    this.definitions = definitions;
    this.random = random;
    this.errands = new Errands(isOwned);
  }

  /** The task waits for a child: begins an attempt, with the version that it will run. */
  public void start(ExecutionState state, String task) {
    if (!(state.plan().task(task).kind() instanceof WorkflowTask kind)) {
      return;
    }
    ExecutionKey key = state.key();
    errands.run(
        new Errands.Key(key, "start", task, 0),
        () -> {
          int version = version(key.tenant(), kind.definition(), kind.version());
          talk.tell(key, new Command.StartChild(task, random.nextLong(), version));
        });
  }

  /**
   * The execution is a schedule, and a time waits: begins it, with the version that it will run.
   */
  public void begin(ExecutionState state, Instant scheduledAt) {
    Schedule schedule = state.schedule();
    if (schedule == null) {
      return;
    }
    ExecutionKey key = state.key();
    ScheduleSpec spec = schedule.spec();
    errands.run(
        new Errands.Key(key, "begin", scheduledAt.toString(), 0),
        () -> {
          int version = version(key.tenant(), spec.definition(), spec.version());
          talk.tell(key, new ScheduleCommand.BeginFiring(scheduledAt, random.nextLong(), version));
        });
  }

  private int version(String tenant, String definition, @Nullable Integer pinned) {
    return pinned != null
        ? pinned
        : definitions.find(tenant, definition, null).map(StoredDefinition::version).orElse(0);
  }

  /**
   * The attempt's child is to be as its parent wants it.
   *
   * @param fresh the attempt has just begun: there is no child yet
   */
  public void tend(ExecutionState state, String task, Attempt attempt, boolean fresh) {
    ExecutionKey key = state.key();
    int number = attempt.number();
    var begins = new AtomicBoolean(fresh);
    errands.run(
        new Errands.Key(key, "tend", task, number),
        () -> {
          // What was decided at a take-over may not be durable yet; what has just begun is.
          boolean isFirst = begins.getAndSet(false);
          Optional<ExecutionState> parent = isFirst ? Optional.of(state) : talk.find(key);
          if (parent.isPresent()) {
            tend(parent.get(), task, number, isFirst);
          }
        });
  }

  private void tend(ExecutionState parent, String task, int number, boolean fresh)
      throws InterruptedException {
    Attempt attempt = ChildCommands.attempt(parent, task, number).orElse(null);
    ChildRun run = attempt == null ? null : attempt.child();
    if (attempt == null || run == null) {
      return;
    }
    boolean isRunning = attempt.outcome() == null;
    var child = new ExecutionKey(parent.key().tenant(), run.id());
    Answer answer =
        fresh ? new Talk.Unknown() : talk.tell(child, ChildCommands.follow(parent, task, number));
    if (answer instanceof Talk.Unknown && isRunning) {
      answer = start(parent, task, attempt, run, child);
    }
    Optional<ChildReport> report = report(answer, parent, task, attempt, run);
    if (isRunning && report.isPresent()) {
      talk.tell(parent.key(), new Command.TellOfChild(task, number, report.get()));
    }
  }

  private static Optional<ChildReport> report(
      Answer answer, ExecutionState parent, String task, Attempt attempt, ChildRun run) {
    return switch (answer) {
      case Talk.Refused(var why) ->
          Optional.of(notStarted(parent, ChildCommands.notStarted(run, why)));
      case Talk.Full(var why) ->
          Optional.of(notStarted(parent, ChildCommands.withoutSlot(run, why)));
      case Talk.Is(var child) ->
          ChildCommands.isOf(child, parent, task, attempt)
              ? Following.report(child)
              : Optional.of(
                  notStarted(
                      parent,
                      ChildCommands.notStarted(
                          run, "there is another execution of that id already")));
      case Talk.Never(var error) -> Optional.of(new ChildReport.NotStarted(error));
      case Talk.Unknown _ -> Optional.empty();
    };
  }

  /** A task may have another attempt, which finds it otherwise; a schedule's time has but one. */
  private static ChildReport notStarted(ExecutionState parent, TaskError error) {
    return parent.schedule() == null
        ? new ChildReport.Failed(error)
        : new ChildReport.NotStarted(error);
  }

  private Answer start(
      ExecutionState parent, String task, Attempt attempt, ChildRun run, ExecutionKey child)
      throws InterruptedException {
    String definition = ChildCommands.definition(parent, task, attempt.number()).orElse("");
    Optional<Plan> plan =
        run.version() == 0
            ? Optional.empty()
            : definitions.plan(child.tenant(), definition, run.version());
    if (plan.isEmpty()) {
      return new Talk.Never(ChildCommands.undefined(run, definition));
    }
    List<String> violations =
        plan.get().inputSchema().violations(ChildCommands.input(parent, task));
    return violations.isEmpty()
        ? talk.tell(child, ChildCommands.start(parent, task, attempt, run, plan.get()))
        : new Talk.Never(ChildCommands.unfit(run, violations));
  }

  /** The execution is a child that has something to tell its parent. */
  public void tellParent(ExecutionState child) {
    ParentLink link = child.header().parent();
    if (link == null) {
      return;
    }
    ExecutionKey key = child.key();
    boolean isEnded = child.status().isEnded();
    if (isEnded) {
      released.remove(key);
    }
    var parent = new ExecutionKey(key.tenant(), link.execution());
    errands.run(
        new Errands.Key(key, "tell", link.task(), link.attempt()),
        () -> {
          Optional<ExecutionState> now = isEnded ? Optional.of(child) : talk.find(key);
          Optional<ChildReport> report = now.flatMap(Following::report);
          if (report.isPresent()) {
            talk.tell(parent, new Command.TellOfChild(link.task(), link.attempt(), report.get()));
          }
        });
  }

  /** The execution is a child that goes on, which its parent may not want. */
  public void askParent(ExecutionState child) {
    ParentLink link = child.header().parent();
    if (link == null || released.contains(child.key())) {
      return;
    }
    ExecutionKey key = child.key();
    errands.run(
        new Errands.Key(key, "ask", link.task(), link.attempt()),
        () -> {
          Optional<Command.FollowParent> wish =
              talk.wish(new ExecutionKey(key.tenant(), link.execution()), link);
          if (wish.isPresent()) {
            talk.tell(key, wish.get());
          }
          if (wish.isEmpty() || wish.get().wish() instanceof ParentWish.Release) {
            released.add(key);
          }
        });
  }

  /**
   * Whether something that follows from the execution's state has still to be said to its children
   * or its parent: whoever comes to own it would have to say it.
   */
  public boolean isTelling(ExecutionKey execution) {
    return errands.isBusy(execution);
  }

  /** These executions are another member's business from now on. */
  public void drop(Predicate<ExecutionKey> moved) {
    released.removeIf(moved);
  }

  @Override
  public void close() {
    errands.close();
  }
}
