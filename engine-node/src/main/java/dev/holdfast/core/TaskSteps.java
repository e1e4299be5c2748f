package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What each event makes of the task that it is about. */
final class TaskSteps {
  private TaskSteps() {}

  static TaskState readied(TaskState task, @Nullable Object input, Instant at) {
    expect(task, BEFORE_READY);
    return waiting(task, TaskStatus.READY, input, null, at, decision(task));
  }

  static TaskState started(TaskState task, Attempt attempt) {
    expect(task, TaskStatus.READY);
    if (attempt.number() != task.attemptCount() + 1) {
      throw new IllegalStateException(
          "attempt %d after %d".formatted(attempt.number(), task.attemptCount()));
    }
    return new TaskState(
        TaskStatus.RUNNING,
        task.input(),
        null,
        null,
        Newest.appended(task.attempts(), attempt, Limits.ATTEMPTS_KEPT_MAX),
        attempt.number(),
        task.failures(),
        task.leaseLosses(),
        null,
        task.readyAt(),
        null,
        task.gate());
  }

  /** The running attempt's child is in this condition, and its time is up then. */
  static TaskState childIs(TaskState task, boolean paused, Instant deadline) {
    Attempt running = task.runningAttempt();
    ChildRun child = running == null ? null : running.child();
    if (running == null || child == null) {
      throw unexpected(task, "RUNNING on a child");
    }
    var changed = running.with(new ChildRun(child.id(), child.version(), paused), deadline);
    return new TaskState(
        task.status(),
        task.input(),
        null,
        null,
        replacedLast(task.attempts(), changed),
        task.attemptCount(),
        task.failures(),
        task.leaseLosses(),
        null,
        task.readyAt(),
        null,
        task.gate());
  }

  static TaskState completed(TaskState task, int attempt, @Nullable Object output, Instant at) {
    Attempt ended = running(task, attempt).ended(at, AttemptOutcome.COMPLETED, null);
    return new TaskState(
        TaskStatus.COMPLETED,
        null,
        output,
        null,
        replacedLast(task.attempts(), ended),
        task.attemptCount(),
        task.failures(),
        task.leaseLosses(),
        null,
        task.readyAt(),
        null,
        task.gate());
  }

  /**
   * The attempt has ended, and what follows from it is the next event's: until then the task is
   * RETRYING at no particular time.
   */
  static TaskState attemptFailed(
      TaskState task, int attempt, AttemptOutcome outcome, TaskError error, Instant at) {
    Attempt ended = running(task, attempt).ended(at, outcome, error);
    return new TaskState(
        TaskStatus.RETRYING,
        task.input(),
        null,
        null,
        replacedLast(task.attempts(), ended),
        task.attemptCount(),
        task.failures() + (countsAsFailure(outcome) ? 1 : 0),
        task.leaseLosses() + (outcome == AttemptOutcome.LEASE_LOST ? 1 : 0),
        null,
        task.readyAt(),
        null,
        task.gate());
  }

  private static boolean countsAsFailure(AttemptOutcome outcome) {
    return switch (outcome) {
      case ERROR, TIMED_OUT -> true;
      case COMPLETED, LEASE_LOST, REVOKED -> false;
    };
  }

  static TaskState retryScheduled(TaskState task, Instant retryAt) {
    expect(task, TaskStatus.RETRYING);
    return waiting(task, TaskStatus.RETRYING, task.input(), retryAt, task.readyAt(), task.gate());
  }

  static TaskState requeued(TaskState task, Instant at) {
    expect(task, TaskStatus.RETRYING);
    return waiting(task, TaskStatus.READY, task.input(), null, at, task.gate());
  }

  /** Its items are known. */
  static TaskState expanded(TaskState task, List<@Nullable Object> items, Instant at) {
    expect(task, TaskStatus.PENDING);
    return withItems(task, TaskStatus.RUNNING, items, null, null, FanOut.of(items.size()), at);
  }

  /** An item of it went on. */
  static TaskState counted(TaskState task, FanOut fanOut) {
    return withItems(
        task, task.status(), task.input(), task.output(), task.error(), fanOut, task.readyAt());
  }

  /** All of its items have ended. */
  static TaskState gathered(TaskState task, List<@Nullable Object> outputs) {
    FanOut fanOut = task.fanOut();
    if (task.status() != TaskStatus.RUNNING || fanOut == null || fanOut.open() > 0) {
      throw unexpected(task, "one whose items have all ended");
    }
    return withItems(task, TaskStatus.COMPLETED, null, outputs, null, fanOut, task.readyAt());
  }

  /** Some of its items, which it has kept, begin anew. */
  static TaskState reopened(TaskState task, FanOut fanOut) {
    if (task.status() != TaskStatus.FAILED && task.status() != TaskStatus.CANCELLED) {
      throw unexpected(task, "FAILED or CANCELLED");
    }
    return withItems(task, TaskStatus.RUNNING, task.input(), null, null, fanOut, task.readyAt());
  }

  private static TaskState withItems(
      TaskState task,
      TaskStatus status,
      @Nullable Object items,
      @Nullable Object output,
      @Nullable TaskError error,
      FanOut fanOut,
      @Nullable Instant readyAt) {
    return new TaskState(
        status,
        items,
        output,
        error,
        List.of(),
        task.attemptCount(),
        0,
        0,
        null,
        readyAt,
        fanOut,
        null);
  }

  private static final Set<TaskStatus> BEFORE_READY =
      Set.of(TaskStatus.PENDING, TaskStatus.AWAITING_APPROVAL);
  private static final Set<TaskStatus> CAN_FAIL =
      Set.of(
          TaskStatus.PENDING, TaskStatus.AWAITING_APPROVAL, TaskStatus.READY, TaskStatus.RETRYING);
  private static final Set<TaskStatus> CAN_BE_CANCELLED =
      Set.of(
          TaskStatus.PENDING, TaskStatus.AWAITING_APPROVAL, TaskStatus.READY, TaskStatus.RETRYING);

  static TaskState heldUp(TaskState task, Gate gate) {
    expect(task, TaskStatus.PENDING);
    return at(task, TaskStatus.PENDING, null, gate);
  }

  /** Who let it pass; all else of a gate is over once it is behind. */
  private static Gate.@Nullable Decided decision(TaskState task) {
    return task.gate() instanceof Gate.Decided decided ? decided : null;
  }

  static TaskState approvalRequested(
      TaskState task, @Nullable Object input, Gate.AwaitingApproval gate) {
    expect(task, TaskStatus.PENDING);
    return at(task, TaskStatus.AWAITING_APPROVAL, input, gate);
  }

  /** Until the next event the task is AWAITING_APPROVAL, with nothing to wait for. */
  static TaskState approvalDecided(TaskState task, Gate.Decided decision) {
    expect(task, TaskStatus.AWAITING_APPROVAL);
    if (task.gate() instanceof Gate.Decided) {
      throw unexpected(task, "undecided");
    }
    return at(task, TaskStatus.AWAITING_APPROVAL, task.input(), decision);
  }

  static TaskState passed(TaskState task, @Nullable Object output) {
    expect(task, BEFORE_READY);
    return ended(task, TaskStatus.COMPLETED, output, null);
  }

  /** The same task with its gate moved by so long. */
  static TaskState later(TaskState task, Gate gate, Duration pause) {
    return at(task, task.status(), task.input(), gate.later(pause));
  }

  private static TaskState at(
      TaskState task, TaskStatus status, @Nullable Object input, Gate gate) {
    return waiting(task, status, input, task.retryAt(), task.readyAt(), gate);
  }

  /** With the attempts that it has had, none of which is running. */
  private static TaskState waiting(
      TaskState task,
      TaskStatus status,
      @Nullable Object input,
      @Nullable Instant retryAt,
      @Nullable Instant readyAt,
      @Nullable Gate gate) {
    return new TaskState(
        status,
        input,
        null,
        null,
        task.attempts(),
        task.attemptCount(),
        task.failures(),
        task.leaseLosses(),
        retryAt,
        readyAt,
        null,
        gate);
  }

  static TaskState failed(TaskState task, TaskError error) {
    FanOut fanOut = runningItems(task);
    if (fanOut != null) {
      return withItems(task, TaskStatus.FAILED, task.input(), null, error, fanOut, task.readyAt());
    }
    expect(task, CAN_FAIL);
    return ended(task, TaskStatus.FAILED, null, error);
  }

  static TaskState skipped(TaskState task) {
    expect(task, TaskStatus.PENDING);
    return ended(task, TaskStatus.SKIPPED, null, null);
  }

  static TaskState decided(TaskState task, Object output) {
    expect(task, TaskStatus.PENDING);
    return ended(task, TaskStatus.COMPLETED, output, null);
  }

  static TaskState cancelled(TaskState task) {
    FanOut fanOut = runningItems(task);
    if (fanOut != null) {
      return withItems(
          task, TaskStatus.CANCELLED, task.input(), null, null, fanOut, task.readyAt());
    }
    expect(task, CAN_BE_CANCELLED);
    return ended(task, TaskStatus.CANCELLED, null, null);
  }

  /** Of a task that waits for its items; it keeps the list, for going on with it in a retry. */
  private static @Nullable FanOut runningItems(TaskState task) {
    return task.status() == TaskStatus.RUNNING ? task.fanOut() : null;
  }

  /** PENDING again. Its attempts stay: their numbers and tokens are used up. */
  static TaskState reset(TaskState task) {
    return reset(task, task.attemptCount());
  }

  /**
   * The same, of a list with the numbers that its items have used up.
   *
   * @param attemptCount the highest of them
   */
  static TaskState reset(TaskState task, int attemptCount) {
    if (!task.status().isEnded()) {
      throw unexpected(task, "an ended one");
    }
    return pending(task.attempts(), attemptCount);
  }

  /** An item that has not begun, of a list whose items before have used up so many numbers. */
  static TaskState item(int attemptCount) {
    return pending(List.of(), attemptCount);
  }

  private static TaskState pending(List<Attempt> attempts, int attemptCount) {
    if (attemptCount == 0) {
      return TaskState.PENDING;
    }
    return new TaskState(
        TaskStatus.PENDING, null, null, null, attempts, attemptCount, 0, 0, null, null, null, null);
  }

  private static TaskState ended(
      TaskState task, TaskStatus status, @Nullable Object output, @Nullable TaskError error) {
    return new TaskState(
        status,
        null,
        output,
        error,
        task.attempts(),
        task.attemptCount(),
        task.failures(),
        task.leaseLosses(),
        null,
        task.readyAt(),
        null,
        decision(task));
  }

  private static Attempt running(TaskState task, int number) {
    Attempt attempt = task.runningAttempt();
    if (attempt == null || attempt.number() != number) {
      throw unexpected(task, "running attempt " + number);
    }
    return attempt;
  }

  private static List<Attempt> replacedLast(List<Attempt> attempts, Attempt last) {
    if (attempts.size() == 1) {
      return List.of(last);
    }
    var changed = new ArrayList<>(attempts);
    changed.set(changed.size() - 1, last);
    return List.copyOf(changed);
  }

  private static void expect(TaskState task, TaskStatus status) {
    if (task.status() != status) {
      throw unexpected(task, status.name());
    }
  }

  private static void expect(TaskState task, Set<TaskStatus> statuses) {
    if (!statuses.contains(task.status())) {
      throw unexpected(task, statuses.toString());
    }
  }

  private static IllegalStateException unexpected(TaskState task, String wanted) {
    return new IllegalStateException("task is %s, not %s".formatted(task.status(), wanted));
  }
}
