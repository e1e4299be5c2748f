package dev.holdfast.core;

import dev.holdfast.core.Rejection.Code;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules: what follows from a command, given the state. Pure. */
public final class Decider {
  /** It holds, and nothing follows. */
  static final Decision NOTHING = new Decision.Accepted(List.of());

  private Decider() {}

  /**
   * @param state null: no such execution
   * @param now not before the state's {@code updatedAt} is counted as that
   */
  public static Decision decide(@Nullable ExecutionState state, Command command, Instant now) {
    if (state == null) {
      return begin(command, now);
    }
    Instant at = timeOf(state, now);
    Schedule schedule = state.schedule();
    if (schedule != null) {
      return Scheduling.decide(state, schedule, command, at);
    }
    return switch (command) {
      case Command.StartExecution c -> Starting.repeat(state, c);
      case Command.StartTask c -> Attempts.start(state, c, at);
      case Command.CompleteTask c -> Results.complete(state, c, at);
      case Command.FailTask c -> Results.fail(state, c, at);
      case Command.LoseLease c -> Attempts.loseLease(state, c, at);
      case Command.FireTimers c -> Timers.fire(state, at);
      case Command.PauseExecution c -> Pausing.pause(state, c, at);
      case Command.ResumeExecution c -> Pausing.resume(state, c, at);
      case Command.CancelExecution c -> Cancelling.cancel(state, c, at);
      case Command.GrantSlot c -> Slotting.grant(state, c, at);
      case Command.RetryExecution c -> Retrying.retry(state, c, at);
      case Command.DecideApproval c -> Approving.decide(state, c, at);
      case Command.SendSignal c -> Signalling.send(state, c, at);
      case Command.StartChild c -> Children.start(state, c, at);
      case Command.TellOfChild c -> Children.tell(state, c, at);
      case Command.FollowParent c -> Following.follow(state, c, at);
      case ScheduleCommand c -> notFound();
    };
  }

  private static Decision begin(Command command, Instant now) {
    if (command instanceof Command.StartExecution start) {
      return Starting.start(start, now);
    }
    return command instanceof ScheduleCommand.SetSchedule set
        ? Scheduling.begin(set, now)
        : notFound();
  }

  static Decision notFound() {
    return rejected(Code.EXECUTION_NOT_FOUND, "there is no such execution in this tenant");
  }

  /**
   * The time that counts for a transition decided now: what the shell gives its events. A clock
   * that was set back does not turn an execution's time back.
   */
  public static Instant timeOf(@Nullable ExecutionState state, Instant now) {
    return state != null && now.isBefore(state.updatedAt()) ? state.updatedAt() : now;
  }

  static Decision rejected(Code code, String message) {
    return new Decision.Rejected(new Rejection(code, message));
  }

  static Decision wrongState(ExecutionState state, String cannot) {
    return rejected(
        Code.WRONG_STATE,
        "execution %s is %s and %s".formatted(state.key(), state.status(), cannot));
  }

  static Decision noSuchTask(ExecutionState state, String task) {
    return rejected(
        Code.TASK_NOT_FOUND, "definition %s has no task '%s'".formatted(state.plan(), task));
  }
}
