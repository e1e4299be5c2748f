package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Command.FollowParent;
import dev.holdfast.core.Command.StartExecution;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a parent sends its children. All of it follows from the parent's state, and can be sent
 * twice.
 */
public final class ChildCommands {
  /** The attribute by which executions that a schedule began can be found. */
  private static final String SCHEDULE = "schedule";

  private ChildCommands() {}

  /** The attempt of the task with this number, if it is one of a child and still known. */
  public static Optional<Attempt> attempt(ExecutionState parent, String task, int number) {
    Schedule schedule = parent.schedule();
    if (schedule != null) {
      return Optional.ofNullable(schedule.running(number)).map(Schedule.Running::attempt);
    }
    int index = parent.plan().find(task);
    return index < 0
        ? Optional.empty()
        : parent.tasks().get(index).attempts().stream()
            .filter(attempt -> attempt.number() == number && attempt.child() != null)
            .findFirst();
  }

  /** The start of the child that carries the running attempt out. */
  public static StartExecution start(
      ExecutionState parent, String task, Attempt attempt, ChildRun child, Plan plan) {
    Schedule schedule = parent.schedule();
    if (schedule != null) {
      return ofSchedule(parent, schedule.spec(), task, attempt, child, plan);
    }
    ExecutionHeader header = parent.header();
    Integer priority = parent.plan().task(task).priority();
    return new StartExecution(
        plan,
        new ExecutionKey(header.key().tenant(), child.id()),
        parent.task(task).input(),
        Map.of(),
        header.session(),
        priority == null ? header.priority() : priority,
        null,
        digest(parent, task, attempt),
        header.startedBy(),
        new ParentLink(header.key().id(), task, attempt.number(), header.depth() + 1));
  }

  private static StartExecution ofSchedule(
      ExecutionState schedule,
      ScheduleSpec spec,
      String time,
      Attempt attempt,
      ChildRun child,
      Plan plan) {
    String name = ExecutionKey.scheduleOf(schedule.key().id());
    var attributes = new HashMap<>(spec.attributes());
    attributes.put(SCHEDULE, name);
    return new StartExecution(
        plan,
        new ExecutionKey(schedule.key().tenant(), child.id()),
        spec.input(),
        attributes,
        spec.session(),
        spec.priority(),
        spec.timeout(),
        digest(schedule, time, attempt),
        SCHEDULE + " " + name,
        new ParentLink(schedule.key().id(), time, attempt.number(), 0));
  }

  /** What the child of that attempt is given. */
  public static @Nullable Object input(ExecutionState parent, String task) {
    Schedule schedule = parent.schedule();
    return schedule == null ? parent.task(task).input() : schedule.spec().input();
  }

  /** The definition of the child that carries that attempt out; empty: none does. */
  public static Optional<String> definition(ExecutionState parent, String task, int number) {
    Schedule schedule = parent.schedule();
    if (schedule != null) {
      return Optional.ofNullable(schedule.running(number)).map(Schedule.Running::definition);
    }
    return parent.plan().task(task).kind() instanceof WorkflowTask kind
        ? Optional.of(kind.definition())
        : Optional.empty();
  }

  /** Of this very attempt: after a purge another execution may have had the parent's id. */
  private static String digest(ExecutionState parent, String task, Attempt attempt) {
    return "%s/%s/%d/%s"
        .formatted(
            parent.key().id(), task, attempt.number(), HexFormat.of().toHexDigits(attempt.nonce()));
  }

  /** Whether the execution is the child that carries, or carried, the attempt out. */
  public static boolean isOf(
      ExecutionState child, ExecutionState parent, String task, Attempt attempt) {
    return child.header().requestDigest().equals(digest(parent, task, attempt));
  }

  /** Why a child is not there: nobody knows what it should be. */
  public static TaskError undefined(ChildRun run, String definition) {
    String which = run.version() == 0 ? "" : " in version " + run.version();
    return notStarted(run, "no definition '%s' is registered%s".formatted(definition, which));
  }

  /** Why a child is not there: its definition refuses what it would be given. */
  public static TaskError unfit(ChildRun run, List<String> violations) {
    return notStarted(run, "its input does not fit: " + String.join("; ", violations));
  }

  /** Why a child is not there. */
  public static TaskError notStarted(ChildRun run, String why) {
    return new TaskError(
        ErrorTypes.CHILD_NOT_STARTED, "execution %s can't be started: %s".formatted(run.id(), why));
  }

  /** Why a child is not there: its concurrency key has no slot for it. */
  public static TaskError withoutSlot(ChildRun run, String why) {
    return new TaskError(
        ErrorTypes.CONCURRENCY_LIMIT, "execution %s can't be started: %s".formatted(run.id(), why));
  }

  /** What the child of that attempt is told to do. */
  public static FollowParent follow(ExecutionState parent, String task, int number) {
    ParentWish wish = Children.wish(parent, task, number);
    Pause pause = parent.pause();
    String by = pause == null ? parent.header().startedBy() : pause.by();
    return new FollowParent(Children.wishSeq(parent), wish, by, reason(wish, parent));
  }

  private static @Nullable String reason(ParentWish wish, ExecutionState parent) {
    if (parent.key().isInternal()) {
      String name = ExecutionKey.scheduleOf(parent.key().id());
      return "schedule %s has come to its next time".formatted(name);
    }
    return switch (wish) {
      case ParentWish.Run _, ParentWish.Release _ -> null;
      case ParentWish.Pause _ -> "its parent %s is paused".formatted(parent.key().id());
      case ParentWish.Cancel _ -> "its parent %s has no use for it".formatted(parent.key().id());
    };
  }
}
