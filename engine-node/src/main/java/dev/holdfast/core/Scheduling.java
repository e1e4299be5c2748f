package dev.holdfast.core;

import dev.holdfast.api.FiringOutcome;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.core.Rejection.Code;
import dev.holdfast.core.ScheduleCommand.BeginFiring;
import dev.holdfast.core.ScheduleCommand.SetSchedule;
import dev.holdfast.core.ScheduleCommand.SwitchSchedule;
import dev.holdfast.core.ScheduleEvent.FiringBegan;
import dev.holdfast.core.ScheduleEvent.FiringEnded;
import dev.holdfast.core.ScheduleEvent.ScheduleSet;
import dev.holdfast.core.ScheduleEvent.ScheduleSwitched;
import dev.holdfast.core.cron.CronTimes;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What follows from commands on executions that are schedules. */
final class Scheduling {
  /** In place of what tells a user's start from another. */
  private static final String DIGEST = "schedule";

  private static final int PRIORITY = 5;

  private Scheduling() {}

  /** There is no execution of that key yet. */
  static Decision begin(SetSchedule command, Instant now) {
    var started =
        new Event.ExecutionStarted(
            Schedule.DEFINITION,
            Schedule.PLAN.version(),
            null,
            Map.of(),
            Map.of(),
            null,
            PRIORITY,
            now.plus(Schedule.PLAN.timeout()),
            DIGEST,
            command.by());
    var draft =
        Draft.beginning(Evolver.fold(Schedule.PLAN, command.key(), started, now), started, now);
    draft.emit(set(command.spec(), command.by(), now));
    return draft.accepted();
  }

  /** Of an execution that is a schedule. */
  static Decision decide(ExecutionState state, Schedule schedule, Command command, Instant now) {
    return switch (command) {
      case SetSchedule c -> set(state, schedule, c, now);
      case SwitchSchedule c -> turn(state, schedule, c, now);
      case BeginFiring c -> begin(state, schedule, c, now);
      case Command.FireTimers _ -> fire(state, schedule, now);
      case Command.TellOfChild c -> tell(state, schedule, c, now);
      case Command.StartExecution _,
          Command.StartTask _,
          Command.CompleteTask _,
          Command.FailTask _,
          Command.LoseLease _,
          Command.PauseExecution _,
          Command.ResumeExecution _,
          Command.CancelExecution _,
          Command.RetryExecution _,
          Command.SendSignal _,
          Command.DecideApproval _,
          Command.StartChild _,
          Command.GrantSlot _,
          Command.FollowParent _ ->
          Decider.notFound();
    };
  }

  private static Decision set(
      ExecutionState state, Schedule schedule, SetSchedule command, Instant now) {
    if (schedule.status() != ScheduleStatus.DELETED && schedule.spec().equals(command.spec())) {
      return Decider.NOTHING;
    }
    var draft = Draft.of(state, now);
    // What has come until now has come by what the schedule was until now.
    if (schedule.status() == ScheduleStatus.ACTIVE) {
      DueTimes.come(draft);
    }
    draft.emit(set(command.spec(), command.by(), now));
    return draft.accepted();
  }

  private static ScheduleSet set(ScheduleSpec spec, String by, Instant now) {
    return new ScheduleSet(spec, times(spec).after(now).orElse(null), by);
  }

  static CronTimes times(ScheduleSpec spec) {
    return CronTimes.of(spec.cron(), ZoneId.of(spec.zone()));
  }

  private static Decision turn(
      ExecutionState state, Schedule schedule, SwitchSchedule command, Instant now) {
    if (schedule.status() == command.to() || state.recentCommands().contains(command.commandId())) {
      return Decider.NOTHING;
    }
    if (schedule.status() == ScheduleStatus.DELETED) {
      return Decider.rejected(Code.EXECUTION_NOT_FOUND, "there is no such schedule in this tenant");
    }
    var draft = Draft.of(state, now);
    switch (schedule.status()) {
      case ACTIVE -> DueTimes.come(draft);
      case PAUSED -> DueTimes.passOver(draft, FiringOutcome.PAUSED);
      case DELETED -> {}
    }
    draft.emit(
        new ScheduleSwitched(command.commandId(), command.to(), command.by(), command.reason()));
    return draft.accepted();
  }

  private static Decision fire(ExecutionState state, Schedule schedule, Instant now) {
    var draft = Draft.of(state, now);
    if (schedule.status() == ScheduleStatus.ACTIVE) {
      DueTimes.come(draft);
    }
    return draft.accepted();
  }

  /** Does nothing when it has begun, or isn't wanted any more: whoever asks looks at the state. */
  private static Decision begin(
      ExecutionState state, Schedule schedule, BeginFiring command, Instant now) {
    if (!schedule.next().filter(command.scheduledAt()::equals).isPresent()) {
      return Decider.NOTHING;
    }
    var draft = Draft.of(state, now);
    draft.emit(
        new FiringBegan(
            schedule.begun() + 1,
            command.scheduledAt(),
            command.nonce(),
            Schedule.idOf(state.key(), command.scheduledAt()),
            schedule.spec().definition(),
            command.version()));
    return draft.accepted();
  }

  private static Decision tell(
      ExecutionState state, Schedule schedule, Command.TellOfChild command, Instant now) {
    if (schedule.running(command.attempt()) == null) {
      return Decider.NOTHING;
    }
    FiringEnded ended = ended(command.attempt(), command.report());
    return ended == null ? Decider.NOTHING : new Decision.Accepted(List.of(ended));
  }

  private static @Nullable FiringEnded ended(int number, ChildReport report) {
    return switch (report) {
      case ChildReport.Completed _ -> new FiringEnded(number, FiringOutcome.COMPLETED, null);
      case ChildReport.Failed(var error) ->
          new FiringEnded(
              number,
              switch (error.type()) {
                case ErrorTypes.CHILD_CANCELLED -> FiringOutcome.CANCELLED;
                case ErrorTypes.WORKFLOW_TIMEOUT -> FiringOutcome.TIMED_OUT;
                default -> FiringOutcome.FAILED;
              },
              Results.bounded(error));
      case ChildReport.NotStarted(var error) ->
          new FiringEnded(number, FiringOutcome.NOT_STARTED, Results.bounded(error));
      case ChildReport.Paused _ -> null;
    };
  }
}
