package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Rejection.Code;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A person's decision at a task's gate: taken while paused too, followed once it goes on. */
final class Approving {
  private Approving() {}

  static Decision decide(ExecutionState state, Command.DecideApproval command, Instant now) {
    if (state.recentCommands().contains(command.commandId())) {
      return Decider.NOTHING;
    }
    int index = state.plan().find(command.task());
    if (index < 0) {
      return Decider.noSuchTask(state, command.task());
    }
    TaskState task = state.tasks().get(index);
    Decision refusal = refusal(state, index, task, command);
    if (refusal != null) {
      return refusal;
    }
    var draft = Draft.of(state, now);
    draft.emit(
        new Event.ApprovalDecided(
            command.commandId(),
            command.task(),
            command.approved(),
            command.by(),
            command.reason(),
            command.output()));
    if (command.approved()) {
      pass(draft, index, task, command.output());
    } else {
      Attempts.failTask(draft, index, rejected(command));
    }
    Graph.follow(draft, index);
    return draft.accepted();
  }

  private static @Nullable Decision refusal(
      ExecutionState state, int index, TaskState task, Command.DecideApproval command) {
    if (task.gate() instanceof Gate.Decided decided) {
      return decided.approved() == command.approved()
          ? Decider.NOTHING
          : Decider.rejected(
              Code.NOT_AWAITING_APPROVAL,
              "task '%s' was %s by %s at %s"
                  .formatted(
                      command.task(),
                      decided.approved() ? "approved" : "rejected",
                      decided.by(),
                      decided.at()));
    }
    if (state.status().isEnded() || state.status() == ExecutionStatus.CANCELLING) {
      return Decider.wrongState(state, "has nothing to approve");
    }
    if (task.status() != TaskStatus.AWAITING_APPROVAL) {
      return Decider.rejected(
          Code.NOT_AWAITING_APPROVAL,
          "task '%s' is %s and waits for no approval".formatted(command.task(), task.status()));
    }
    List<String> approvers = approvers(state, index);
    if (!approvers.isEmpty() && command.roles().stream().noneMatch(approvers::contains)) {
      return Decider.rejected(
          Code.NOT_AN_APPROVER,
          "task '%s' is decided by one of the roles %s, and %s has %s"
              .formatted(
                  command.task(),
                  approvers,
                  command.by(),
                  command.roles().isEmpty() ? "none" : "only " + command.roles()));
    }
    return Results.tooLarge(state, index, command.output(), "the task waits on");
  }

  private static List<String> approvers(ExecutionState state, int index) {
    Gates.Approval approval = state.plan().tasks().get(index).gates().approval();
    return approval == null ? List.of() : approval.approvers();
  }

  /** Where there is an output the person did the task; else its agent does. */
  private static void pass(Draft draft, int index, TaskState asked, @Nullable Object output) {
    PlannedTask planned = draft.planned(index);
    Object input = planned.input() == null ? null : asked.input();
    try {
      if (output == null) {
        Passage.open(draft, planned, input, input);
      } else {
        Passage.complete(draft, planned, output);
      }
    } catch (UnusableException e) {
      Attempts.failTask(draft, index, e.error());
    }
  }

  private static TaskError rejected(Command.DecideApproval command) {
    String why = command.reason() == null ? "" : ": " + command.reason();
    return Results.bounded(
        new TaskError(ErrorTypes.REJECTED, "rejected by " + command.by() + why, command.output()));
  }
}
