package dev.holdfast.core;

import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attempts: beginning one, losing one, and what follows from one that did not succeed. */
final class Attempts {
  private Attempts() {}

  static Decision start(ExecutionState state, Command.StartTask command, Instant now) {
    int index = state.plan().find(command.task());
    if (index < 0) {
      return Decider.noSuchTask(state, command.task());
    }
    TaskState task = state.tasks().get(index);
    Attempt running = task.runningAttempt();
    if (running != null && running.nonce() == command.nonce()) {
      return Decider.NOTHING;
    }
    if (!Turn.isOf(state, index)) {
      return Decider.wrongState(state, "does not hand out task '%s'".formatted(command.task()));
    }
    if (task.status() != TaskStatus.READY
        || state.plan().tasks().get(index).kind() instanceof PlannedTask.WorkflowTask) {
      return Decider.rejected(
          Code.TASK_NOT_READY,
          "task '%s' is %s and waits for no agent".formatted(command.task(), task.status()));
    }
    PlannedTask planned = state.plan().tasks().get(index);
    Instant deadline = now.plus(planned.timeout());
    if (Teardown.is(planned) && deadline.isAfter(state.deadline())) {
      // Its time-out is that of all its attempts together.
      deadline = state.deadline();
    }
    int number = task.attemptCount() + 1;
    return new Decision.Accepted(
        List.of(
            new Event.TaskStarted(
                command.task(), number, command.nonce(), command.worker(), deadline)));
  }

  static Decision loseLease(ExecutionState state, Command.LoseLease command, Instant now) {
    int index = state.plan().find(command.task());
    if (index < 0) {
      return Decider.noSuchTask(state, command.task());
    }
    Attempt running = state.tasks().get(index).runningAttempt();
    if (!isWorkers(running, command.attempt(), command.nonce())) {
      return Decider.NOTHING;
    }
    var draft = Draft.of(state, now);
    loseLease(draft, index, new TaskError(ErrorTypes.LEASE_LOST, sentence(running, command)));
    Graph.follow(draft, index);
    return draft.accepted();
  }

  private static String sentence(Attempt attempt, Command.LoseLease command) {
    return switch (command.reason()) {
      case DISCONNECTED -> "worker %s disconnected".formatted(attempt.worker());
      case HEARTBEAT -> "worker %s sent no heartbeat in time".formatted(attempt.worker());
      case UNCLAIMED -> "worker %s no longer claims the attempt".formatted(attempt.worker());
    };
  }

  static boolean isOf(Attempt attempt, int number, long nonce) {
    return attempt.number() == number && attempt.nonce() == nonce;
  }

  /** Whether it is the running attempt of a worker, by its token. */
  static boolean isWorkers(@Nullable Attempt running, int number, long nonce) {
    return running != null && running.child() == null && isOf(running, number, nonce);
  }

  private static void loseLease(Draft draft, int index, TaskError error) {
    end(draft, index, AttemptOutcome.LEASE_LOST, error);
    int losses = draft.fold().task(index).leaseLosses();
    if (losses > Limits.LEASE_LOSSES_MAX) {
      String message =
          "%d attempts lost their worker, more than LEASE_LOSSES_MAX, which is %d; the last: %s"
              .formatted(losses, Limits.LEASE_LOSSES_MAX, error.message());
      failTask(draft, index, new TaskError(ErrorTypes.LEASE_LOST, message));
    } else {
      requeue(draft, index);
    }
  }

  /** The running attempt failed; its task is tried again if its policy allows. */
  static void failAttempt(
      Draft draft,
      int index,
      AttemptOutcome outcome,
      TaskError error,
      boolean retryable,
      @Nullable Duration retryAfter) {
    Attempt attempt = end(draft, index, outcome, error);
    RetryPolicy policy = draft.planned(index).retry();
    int failures = draft.fold().task(index).failures();
    if (!retryable
        || failures >= policy.maxAttempts()
        || policy.nonRetryable().contains(error.type())) {
      failTask(draft, index, error);
      return;
    }
    Duration wait =
        retryAfter == null ? Backoff.delay(policy, failures, attempt.nonce()) : bounded(retryAfter);
    if (wait.isZero()) {
      requeue(draft, index);
    } else {
      draft.emit(new Event.TaskRetryScheduled(draft.planned(index).id(), draft.now().plus(wait)));
    }
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(Limits.DURATION_MAX) > 0 ? Limits.DURATION_MAX : wait;
  }

  /**
   * The running attempt gave a result that its task can't use: no other attempt would do better.
   */
  static void failOnResult(Draft draft, int index, TaskError error) {
    end(draft, index, AttemptOutcome.COMPLETED, error);
    failTask(draft, index, error);
  }

  /** Takes the running attempt back; its task waits for an agent again. */
  static void revokeAndRequeue(Draft draft, int index, String why) {
    end(draft, index, AttemptOutcome.REVOKED, new TaskError(ErrorTypes.REVOKED, why));
    requeue(draft, index);
  }

  /** Fails a task whose time is up, and with it the attempt that is running, if there is one. */
  static void giveUp(Draft draft, int index, TaskError error) {
    if (draft.fold().task(index).runningAttempt() != null) {
      end(draft, index, AttemptOutcome.TIMED_OUT, error);
    }
    failTask(draft, index, error);
  }

  /** Ends a task that has not ended, and takes its running attempt back if there is one. */
  static void cancelTask(Draft draft, int index, String why) {
    if (draft.fold().task(index).runningAttempt() != null) {
      end(draft, index, AttemptOutcome.REVOKED, new TaskError(ErrorTypes.REVOKED, why));
    }
    draft.emit(new Event.TaskCancelled(draft.planned(index).id()));
  }

  static void failTask(Draft draft, int index, TaskError error) {
    draft.emit(new Event.TaskFailed(draft.planned(index).id(), error));
  }

  static void requeue(Draft draft, int index) {
    draft.emit(new Event.TaskRequeued(draft.planned(index).id()));
  }

  private static Attempt end(Draft draft, int index, AttemptOutcome outcome, TaskError error) {
    Attempt attempt = draft.fold().task(index).runningAttempt();
    if (attempt == null) {
      throw new IllegalStateException("task " + draft.planned(index).id() + " is not running");
    }
    draft.emit(
        new Event.AttemptFailed(draft.planned(index).id(), attempt.number(), outcome, error));
    return attempt;
  }
}
