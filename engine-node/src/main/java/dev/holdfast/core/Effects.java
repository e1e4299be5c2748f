package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Derives effects from events, and from a state alone where the events were somebody else's. */
public final class Effects {
  private Effects() {}

  /**
   * What follows from these events, which led to this state. Only what still holds in that state is
   * offered or delivered; of several new deadlines the earliest is armed.
   */
  public static List<Effect> of(ExecutionState after, List<Event> events) {
    Schedule schedule = after.schedule();
    if (schedule != null) {
      return ScheduleEffects.of(schedule, events);
    }
    var effects = new ArrayList<Effect>(events.size());
    var timer = new EarliestTimer();
    boolean withdraw = false;
    boolean offerAll = false;
    boolean approvals = false;
    for (Event event : events) {
      switch (event) {
        case Event.ExecutionStarted e -> {
          if (!after.waitsForSlot()) {
            timer.note(e.deadline());
          }
        }
        case Event.SlotAwaited e -> {}
        case Event.SlotGranted e -> timer.note(e.deadline());
        case Event.TaskReadied e -> offer(after, e.task(), effects);
        case Event.TaskRequeued e -> offer(after, e.task(), effects);
        case Event.TaskStarted e -> {
          deliver(after, e, effects);
          timer.note(e.deadline());
        }
        case Event.TaskCompleted e -> {
          end(after, e.task(), e.attempt(), false, effects);
          offerAll |= heldOthers(after, e.task());
        }
        case Event.AttemptFailed e ->
            end(after, e.task(), e.attempt(), leavesWorkerUnaware(e.outcome()), effects);
        case Event.ChildStarted e -> {
          hold(after, e.task(), true, effects);
          timer.note(e.deadline());
        }
        case Event.ChildPaused e -> {}
        case Event.TaskRetryScheduled e -> timer.note(e.retryAt());
        case Event.PauseRequested e -> {
          withdraw = true;
          holdAll(after, effects);
          timer.note(e.autoResumeAt());
        }
        case Event.ExecutionResumed e -> {
          offerAll = true;
          holdAll(after, effects);
          Timers.next(after).ifPresent(timer::note);
        }
        case Event.ExecutionRetried e -> {
          if (!after.waitsForSlot()) {
            timer.note(e.deadline());
          }
        }
        case Event.TaskCancelled e -> {
          withdraw = true;
          approvals |= isApproved(after, e.task());
        }
        case Event.TaskDelayed e -> timer.note(e.until());
        case Event.SignalAwaited e -> timer.noteIfAny(e.until());
        case Event.SignalReceived e -> {}
        case Event.SignalTaken e -> {}
        case Event.ApprovalRequested e -> {
          approvals = true;
          timer.noteIfAny(e.until());
        }
        case Event.ApprovalDecided e -> approvals = true;
        case Event.TaskFailed e -> {
          approvals |= isApproved(after, e.task());
          offerAll |= heldOthers(after, e.task());
        }
        case Event.TaskPassed e -> {}
        case Event.StateGrewLarge e -> {}
        case Event.HookBegan e -> {}
        case Event.CompensationBegan e -> timer.note(e.deadline());
        case Event.TeardownBegan e -> timer.note(e.until());
        case Event.VariablesSet e -> {}
        case Event.TaskSkipped e -> {}
        case Event.DecisionTaken e -> {}
        case Event.TaskExpanded e -> {}
        case Event.TaskGathered e -> {}
        case Event.TasksSpawned e -> {}
        case Event.CancelRequested e -> {}
        case Event.ExecutionPaused e -> tellParent(after, effects);
        case Event.ExecutionCompleted e -> {}
        case Event.ExecutionFailed e -> {}
        case Event.ExecutionCancelled e -> {}
        case Event.ExecutionTimedOut e -> {}
        case ScheduleEvent e -> {}
      }
    }
    if (withdraw || offerAll) {
      effects.removeIf(
          effect -> effect instanceof Effect.OfferTask || effect instanceof Effect.StartChild);
      if (withdraw) {
        effects.add(new Effect.WithdrawTasks());
      }
      offerAll(after, effects);
    }
    if (approvals) {
      effects.add(new Effect.ListApprovals());
    }
    close(after, timer, effects);
    return List.copyOf(effects);
  }

  /** Whether others that were READY had to wait for the task's end. */
  private static boolean heldOthers(ExecutionState after, String task) {
    return after.plan().task(task).origin() == PlannedTask.Hook.ON_RESUME;
  }

  /** Whether the task is one of those that await approval. */
  private static boolean isApproved(ExecutionState after, String task) {
    return after.plan().task(task).gates().approval() != null;
  }

  /**
   * What a member that comes to own this state has to do: offers, timers, and deliveries' leases
   * (as {@link Effect.DeliverTask}, which the shell takes as held by an unknown worker).
   */
  public static List<Effect> recover(ExecutionState state) {
    Schedule schedule = state.schedule();
    if (schedule != null) {
      return ScheduleEffects.of(schedule, List.of());
    }
    var effects = new ArrayList<Effect>();
    offerAll(state, effects);
    boolean approvals = false;
    for (int i = 0; i < state.tasks().size(); i++) {
      String task = state.plan().tasks().get(i).id();
      leaveUnwanted(state, task, state.tasks().get(i), effects);
      Attempt running = state.tasks().get(i).runningAttempt();
      if (running != null) {
        effects.add(
            running.child() == null
                ? new Effect.DeliverTask(task, running)
                : new Effect.HoldChild(task, running, false));
      }
      approvals |= state.tasks().get(i).status() == TaskStatus.AWAITING_APPROVAL;
    }
    if (approvals) {
      effects.add(new Effect.ListApprovals());
    }
    if (!state.status().isEnded() && state.header().parent() != null) {
      effects.add(new Effect.AskParent());
      if (state.status() == ExecutionStatus.PAUSED) {
        effects.add(new Effect.TellParent());
      }
    }
    var timer = new EarliestTimer();
    Timers.next(state).ifPresent(timer::note);
    close(state, timer, effects);
    return List.copyOf(effects);
  }

  /** Children of former attempts may not have heard yet that nobody wants them. */
  private static void leaveUnwanted(
      ExecutionState state, String task, TaskState current, List<Effect> effects) {
    for (Attempt attempt : current.attempts()) {
      if (attempt.child() != null
          && attempt.outcome() != null
          && Children.wish(state, task, attempt.number()) instanceof ParentWish.Cancel) {
        effects.add(new Effect.LeaveChild(task, attempt));
      }
    }
  }

  private static void close(ExecutionState after, EarliestTimer timer, List<Effect> effects) {
    if (after.slot() != null) {
      effects.add(new Effect.ClaimSlot());
    }
    if (after.status().isEnded()) {
      tellParent(after, effects);
      effects.add(new Effect.EndExecution());
    } else if (timer.earliest != null) {
      effects.add(new Effect.ArmTimer(timer.earliest));
    }
  }

  /** Whether the attempt ended without its worker's doing, so that it has to be told. */
  private static boolean leavesWorkerUnaware(AttemptOutcome outcome) {
    return switch (outcome) {
      case TIMED_OUT, LEASE_LOST, REVOKED -> true;
      case COMPLETED, ERROR -> false;
    };
  }

  private static void offerAll(ExecutionState after, List<Effect> effects) {
    for (int i = 0; i < after.tasks().size(); i++) {
      if (after.tasks().get(i).status() == TaskStatus.READY && Turn.isOf(after, i)) {
        effects.add(offer(after.plan().tasks().get(i)));
      }
    }
  }

  private static void offer(ExecutionState after, String task, List<Effect> effects) {
    if (after.task(task).status() == TaskStatus.READY
        && Turn.isOf(after, after.plan().indexOf(task))) {
      effects.add(offer(after.plan().task(task)));
    }
  }

  private static Effect offer(PlannedTask task) {
    return task.kind() instanceof PlannedTask.WorkflowTask
        ? new Effect.StartChild(task.id())
        : new Effect.OfferTask(task.id());
  }

  private static void hold(ExecutionState after, String task, boolean fresh, List<Effect> effects) {
    Attempt running = after.task(task).runningAttempt();
    if (running != null && running.child() != null) {
      effects.add(new Effect.HoldChild(task, running, fresh));
    }
  }

  private static void holdAll(ExecutionState after, List<Effect> effects) {
    if (after.runningTasks() > 0) {
      after.plan().tasks().forEach(task -> hold(after, task.id(), false, effects));
    }
  }

  private static void tellParent(ExecutionState after, List<Effect> effects) {
    if (after.header().parent() != null) {
      effects.add(new Effect.TellParent());
    }
  }

  private static void deliver(ExecutionState after, Event.TaskStarted event, List<Effect> effects) {
    Attempt running = after.task(event.task()).runningAttempt();
    if (running != null && running.number() == event.attempt()) {
      effects.add(new Effect.DeliverTask(event.task(), running));
    }
  }

  private static void end(
      ExecutionState after, String task, int number, boolean revoked, List<Effect> effects) {
    for (Attempt attempt : after.task(task).attempts()) {
      if (attempt.number() == number && attempt.child() == null) {
        effects.add(new Effect.EndAttempt(task, attempt, revoked));
      } else if (attempt.number() == number && revoked) {
        effects.add(new Effect.LeaveChild(task, attempt));
      }
    }
  }

  private static final class EarliestTimer {
    private @Nullable Instant earliest;

    void noteIfAny(@Nullable Instant at) {
      if (at != null) {
        note(at);
      }
    }

    void note(Instant at) {
      Instant known = earliest;
      if (known == null || at.isBefore(known)) {
        earliest = at;
      }
    }
  }
}
