package dev.holdfast.testkit;

import dev.holdfast.core.Attempt;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Gate;
import dev.holdfast.core.Gates;
import dev.holdfast.core.Pause;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.PlannedTask.AgentTask;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import dev.holdfast.core.Slot;
import dev.holdfast.core.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says in words what an execution waits for. */
final class Waits {
  private final Desk desk;

  Waits(Desk desk) {
    this.desk = desk;
  }

  /** One sentence for each thing that holds it up; empty once it has ended. */
  List<String> of(ExecutionState state) {
    var waits = new ArrayList<String>();
    if (state.status().isEnded()) {
      return waits;
    }
    Pause pause = state.pause();
    if (pause != null) {
      waits.add(
          "a resume: %s paused it at %s, and it resumes by itself at %s"
              .formatted(pause.by(), pause.at(), pause.autoResumeAt()));
    }
    Slot slot = state.slot();
    if (slot != null && state.waitsForSlot()) {
      waits.add(
          "its turn: of executions with concurrency key '%s' no more than %d run at once"
              .formatted(slot.key(), slot.limit()));
    }
    for (PlannedTask planned : state.plan().tasks()) {
      TaskState task = state.tasks().get(planned.index());
      String wait = task.status().isEnded() ? null : of(planned, task);
      if (wait != null) {
        waits.add("task '%s': %s".formatted(planned.id(), wait));
      }
    }
    if (waits.isEmpty()) {
      waits.add("nothing that is known, which is a bug of Holdfast; please report it");
    }
    return waits;
  }

  /** What holds the task itself up; null: its needs, or its items. */
  private @Nullable String of(PlannedTask planned, TaskState task) {
    return switch (task.status()) {
      case READY -> agent(planned);
      case RUNNING -> running(task.runningAttempt());
      case RETRYING ->
          "its next attempt, at %s, after %s"
              .formatted(task.retryAt(), error(task.attempts().getLast()));
      case PENDING, AWAITING_APPROVAL -> gate(planned, task.gate());
      case COMPLETED, FAILED, SKIPPED, CANCELLED -> null;
    };
  }

  private String agent(PlannedTask planned) {
    if (planned.kind() instanceof WorkflowTask workflow) {
      return "an execution of '%s', which is started when time runs: kit.runUntilIdle()"
          .formatted(workflow.definition());
    }
    if (!(planned.kind() instanceof AgentTask wanted)) {
      return "nobody, though it is ready";
    }
    List<MockAgent> able = desk.able(wanted);
    if (able.isEmpty()) {
      return "an agent '%s', and there is no such mock agent".formatted(wanted.capability());
    }
    if (able.stream().noneMatch(MockAgent::isConnected)) {
      return "agent '%s', which is disconnected".formatted(wanted.capability());
    }
    return able.stream().anyMatch(desk::isFree)
        ? "being handed to agent '%s', which happens when time runs: kit.runUntilIdle()"
            .formatted(wanted.capability())
        : "agent '%s', which has as many tasks as it takes at once".formatted(wanted.capability());
  }

  private @Nullable String running(@Nullable Attempt attempt) {
    if (attempt == null) {
      return null;
    }
    if (attempt.child() != null) {
      return "execution '%s', which carries it out".formatted(attempt.child().id());
    }
    Held held = desk.leases().find(attempt.nonce());
    Instant answersAt = held == null ? null : held.answersAt();
    boolean isBegun = held != null && held.agent().tasks().contains(held.task());
    String answer =
        answersAt != null
            ? "the result comes at " + answersAt
            : isBegun ? "no result ever comes" : "the result comes when time runs";
    return "attempt %d at %s: %s, it times out at %s"
        .formatted(attempt.number(), attempt.worker(), answer, attempt.deadline());
  }

  private static String error(Attempt attempt) {
    var error = attempt.error();
    return error == null ? "a failure" : "'%s: %s'".formatted(error.type(), error.message());
  }

  private static @Nullable String gate(PlannedTask planned, @Nullable Gate gate) {
    return switch (gate) {
      case null -> null;
      case Gate.Delayed delayed -> "its delay, until " + delayed.until();
      case Gate.AwaitingSignal waiting -> {
        Gates.Signal wanted = Objects.requireNonNull(planned.gates().signal());
        yield "signal '%s'%s: execution.signal(\"%s\", …)"
            .formatted(wanted.name(), until(waiting.until()), wanted.name());
      }
      case Gate.AwaitingApproval waiting -> {
        List<String> approvers = Objects.requireNonNull(planned.gates().approval()).approvers();
        yield "approval%s%s: execution.approve(\"%s\")"
            .formatted(
                approvers.isEmpty() ? "" : " by one of the roles " + approvers,
                until(waiting.until()),
                planned.id());
      }
      case Gate.Decided _ -> null;
    };
  }

  private static String until(@Nullable Instant until) {
    return until == null ? "" : ", until " + until;
  }
}
