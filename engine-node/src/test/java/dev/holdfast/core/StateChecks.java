package dev.holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds of the state of every execution, and of what is decided in it. */
final class StateChecks {
  private StateChecks() {}

  /** What was decided could be decided in that state. */
  static void ofDecision(ExecutionState before, Command command, List<Event> decided) {
    if (before.status().isEnded()) {
      assertThat(command).isInstanceOf(Command.RetryExecution.class);
    }
    for (Event event : decided) {
      if (event instanceof Event.TaskStarted started) {
        checkTurn(before, before.plan().task(started.task()));
        if (before.plan().task(started.task()).origin() instanceof PlannedTask.Item(int of, _)) {
          assertThat(before.tasks().get(of).status()).isEqualTo(TaskStatus.RUNNING);
          continue;
        }
        for (int need : before.plan().task(started.task()).needs()) {
          assertThat(before.tasks().get(need).status().isEnded())
              .as("need %d of %s ended", need, started.task())
              .isTrue();
        }
      }
    }
  }

  /** Setup goes before all others, teardown behind them. */
  private static void checkTurn(ExecutionState before, PlannedTask started) {
    assertThat(before.waitsForSlot()).as("%s starts without a slot", started.id()).isFalse();
    boolean isTeardown = started.origin() == PlannedTask.Hook.TEARDOWN;
    if (isTeardown) {
      assertThat(before.closing()).as("how it ends").isNotNull();
    }
    if (started.origin() == PlannedTask.Hook.ON_PAUSE) {
      assertThat(before.status()).isEqualTo(ExecutionStatus.PAUSING);
    } else if (!isTeardown || before.status() != ExecutionStatus.CANCELLING) {
      assertThat(before.status()).isEqualTo(ExecutionStatus.RUNNING);
      assertThat(
              started.origin() != PlannedTask.Hook.ON_RESUME
                  && Hooks.isOpen(before, PlannedTask.Hook.ON_RESUME)
                  && !(started.origin() == PlannedTask.Hook.SETUP
                      && Hooks.isPending(before, PlannedTask.Hook.ON_RESUME)))
          .as("%s goes before what a resume asks for", started.id())
          .isFalse();
    }
    for (PlannedTask other : before.plan().tasks()) {
      boolean isBefore =
          isTeardown
              || (other.origin() == PlannedTask.Hook.SETUP && !isOfPause(started))
              || (started.origin() instanceof PlannedTask.Compensation
                  && other.index() < started.index()
                  && !Teardown.is(other));
      if (other != started && isBefore) {
        assertThat(before.task(other.id()).status().isEnded())
            .as("%s ended before %s", other.id(), started.id())
            .isTrue();
      }
    }
  }

  private static boolean isOfPause(PlannedTask task) {
    return task.origin() == PlannedTask.Hook.ON_PAUSE
        || task.origin() == PlannedTask.Hook.ON_RESUME;
  }

  /** What the state counts is so, and its parts fit each other. */
  static void of(ExecutionState after) {
    long bytes =
        Sizes.of(after.header().input())
            + Sizes.of(after.variables())
            + after.plan().spawnedBytes();
    for (Signals.Signal signal : after.signals().kept()) {
      bytes += Sizes.of(signal.payload());
    }
    int open = 0;
    int running = 0;
    int resting = 0;
    for (int i = 0; i < after.tasks().size(); i++) {
      TaskState task = after.tasks().get(i);
      open += task.status().isEnded() ? 0 : 1;
      running += task.runningAttempt() != null ? 1 : 0;
      resting += rests(task.runningAttempt()) ? 1 : 0;
      PlannedTask planned = after.plan().tasks().get(i);
      bytes += Sizes.ofOutput(planned, task) + Sizes.ofInput(planned, task);
      checkItems(after, planned, task);
      assertThat(task.retryAt() != null).isEqualTo(task.status() == TaskStatus.RETRYING);
      if (task.gate() instanceof Gate.Delayed || task.gate() instanceof Gate.AwaitingSignal) {
        assertThat(task.status()).isEqualTo(TaskStatus.PENDING);
      }
      assertThat(task.gate() instanceof Gate.AwaitingApproval)
          .isEqualTo(task.status() == TaskStatus.AWAITING_APPROVAL);
      assertThat(task.attempts()).hasSizeLessThanOrEqualTo(Limits.ATTEMPTS_KEPT_MAX);
    }
    if (after.waitsForSlot()) {
      assertThat(running).as("running without a slot").isZero();
      assertThat(after.tasks()).noneMatch(task -> task.status() == TaskStatus.READY);
      assertThat(Standstill.isStuck(after)).isFalse();
    }
    assertThat(after.openTasks()).as("openTasks").isEqualTo(open);
    assertThat(after.runningTasks()).as("runningTasks").isEqualTo(running);
    assertThat(after.payloadBytes()).as("payloadBytes").isEqualTo(bytes);
    if (after.status() == ExecutionStatus.CANCELLING) {
      assertThat(after.closing()).isNotNull();
    }
    if (after.closing() != null) {
      assertThat(after.status().isEnded()).isFalse();
      checkRestEnded(after);
    }
    assertThat(after.pause() != null)
        .isEqualTo(
            after.status() == ExecutionStatus.PAUSING || after.status() == ExecutionStatus.PAUSED);
    assertThat(after.status().isEnded()).isEqualTo(after.endedAt() != null);
    if (after.status() == ExecutionStatus.PAUSED || after.status().isEnded()) {
      assertThat(running - resting).as("running while %s", after.status()).isZero();
    }
    if (after.status() == ExecutionStatus.PAUSING) {
      assertThat(running - resting > 0 || Hooks.isOpen(after, PlannedTask.Hook.ON_PAUSE))
          .as("what PAUSING waits for")
          .isTrue();
    }
    if (after.pause() == null) {
      assertThat(resting).as("paused children of one that goes on").isZero();
    }
  }

  private static boolean rests(@Nullable Attempt running) {
    return running != null && running.child() != null && running.child().paused();
  }

  /** When it is settled how an execution ends, only what comes last is open. */
  private static void checkRestEnded(ExecutionState after) {
    boolean undoing = false;
    for (PlannedTask planned : after.plan().tasks()) {
      boolean isOpen = !after.task(planned.id()).status().isEnded();
      switch (planned.origin()) {
        case PlannedTask.Compensation _ -> undoing |= isOpen;
        case PlannedTask.Hook hook when hook != PlannedTask.Hook.SETUP -> {}
        default -> assertThat(isOpen).as("%s is open", planned.id()).isFalse();
      }
    }
    if (undoing) {
      assertThat(after.closing().outcome()).isEqualTo(ExecutionStatus.FAILED);
    }
  }

  /** What is counted of a list's items is so; and no more are under way than may be. */
  private static void checkItems(ExecutionState after, PlannedTask planned, TaskState task) {
    if (!(planned.kind() instanceof PlannedTask.ForEachTask kind) || task.fanOut() == null) {
      return;
    }
    FanOut fanOut = task.fanOut();
    int open = 0;
    int underWay = 0;
    for (int i = 0; i < fanOut.count(); i++) {
      TaskStatus item = after.task(planned.id() + "[" + i + "]").status();
      open += item.isEnded() ? 0 : 1;
      underWay += item.isEnded() || item == TaskStatus.PENDING ? 0 : 1;
      assertThat(i >= fanOut.next() || item != TaskStatus.PENDING).as("item %d", i).isTrue();
    }
    assertThat(fanOut.open()).as("open").isEqualTo(open);
    assertThat(fanOut.underWay()).as("under way").isEqualTo(underWay);
    assertThat(underWay).isLessThanOrEqualTo(kind.concurrency());
    if (task.status().isEnded()) {
      assertThat(open).as("open items of a task that is %s", task.status()).isZero();
    }
  }

  /** Nothing is left that could have followed already; and timers are due when they say. */
  static void ofRest(ExecutionState after) {
    if (Timers.next(after).filter(next -> !next.isAfter(after.updatedAt())).isPresent()) {
      // What is due follows once the timers have fired.
      return;
    }
    var draft = Draft.of(after, after.updatedAt());
    Graph.settle(draft);
    Decision settled = draft.accepted();
    assertThat(((Decision.Accepted) settled).events()).as("left undone in %s", after).isEmpty();
    Timers.next(after)
        .ifPresent(next -> {
          Instant due = Decider.timeOf(after, next);
          assertThat(Decider.decide(after, new Command.FireTimers(), due))
              .as("due at %s", due)
              .isNotEqualTo(new Decision.Accepted(List.of()));
          Instant early = next.minus(Duration.ofNanos(1));
          if (!early.isBefore(after.updatedAt())) {
            assertThat(Decider.decide(after, new Command.FireTimers(), early))
                .as("not yet due at %s", early)
                .isEqualTo(new Decision.Accepted(List.of()));
          }
        });
  }
}
