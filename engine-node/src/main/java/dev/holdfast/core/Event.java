package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an execution: the journal's content, the audit trail, and all that state is
 * folded from. Shipped forms are frozen; a change is a new record beside the old one.
 *
 * <p>Its sequence number, time and hash are in the envelope around it ({@code JournalEntry}).
 */
public sealed interface Event {

  /**
   * The first event.
   *
   * @param deadline when it times out if it is never paused
   * @param parent whose child it is; null: nobody's
   */
  record ExecutionStarted(
      String definition,
      int version,
      @Nullable Object input,
      Map<String, @Nullable Object> variables,
      Map<String, String> attributes,
      @Nullable String session,
      int priority,
      Instant deadline,
      String requestDigest,
      String by,
      @Nullable ParentLink parent)
      implements Event {
    /** Nobody's child. */
    public ExecutionStarted(
        String definition,
        int version,
        @Nullable Object input,
        Map<String, @Nullable Object> variables,
        Map<String, String> attributes,
        @Nullable String session,
        int priority,
        Instant deadline,
        String requestDigest,
        String by) {
      this(
          definition,
          version,
          input,
          variables,
          attributes,
          session,
          priority,
          deadline,
          requestDigest,
          by,
          null);
    }
  }

  /**
   * The task waits for an agent, with this input for all its attempts.
   *
   * @param input null for a task without {@code input:}, which is given the execution's
   */
  record TaskReadied(String task, @Nullable Object input) implements Event {}

  /** An attempt began: the task was handed to the worker. */
  record TaskStarted(String task, int attempt, long nonce, String worker, Instant deadline)
      implements Event {}

  /** The attempt succeeded, and with it the task. */
  record TaskCompleted(String task, int attempt, @Nullable Object output) implements Event {}

  /** Execution variables were written by the task's {@code set}. */
  record VariablesSet(String task, Map<String, @Nullable Object> values) implements Event {}

  /**
   * The attempt ended without success. What follows from it is the next event. With the outcome
   * {@code COMPLETED} its worker gave a result, of which the task could make no use.
   */
  record AttemptFailed(String task, int attempt, AttemptOutcome outcome, TaskError error)
      implements Event {}

  /** The next attempt waits until then. */
  record TaskRetryScheduled(String task, Instant retryAt) implements Event {}

  /** The task waits for an agent again, with the input that it had. */
  record TaskRequeued(String task) implements Event {}

  /** The task failed for good. */
  record TaskFailed(String task, TaskError error) implements Event {}

  /** The task is not on the path taken. {@code reason} says why, for a person. */
  record TaskSkipped(String task, String reason) implements Event {}

  /** The execution ended before the task did. */
  record TaskCancelled(String task) implements Event {}

  /**
   * A {@code switch} chose, and with that completed; its output says what: {@code {"case": …,
   * "then": […]}}.
   *
   * @param chosenCase index of the case that held, from 0; -1 when none did
   * @param when that case's expression; null for {@code otherwise} and for none
   * @param then the tasks that the case names
   * @param values what the expressions looked at: path to value
   */
  record DecisionTaken(
      String task,
      int chosenCase,
      @Nullable String when,
      List<String> then,
      Map<String, @Nullable Object> values)
      implements Event {}

  /**
   * A {@code forEach} task's list is known, and for each item there is a task now.
   *
   * @param items what the items' inputs are made from
   */
  record TaskExpanded(String task, List<@Nullable Object> items) implements Event {}

  /** All items have ended; their outputs in the list's order are the task's, which completed. */
  record TaskGathered(String task) implements Event {}

  /** The task's result added these to the execution; what follows from the task waits for them. */
  record TasksSpawned(String task, List<SpawnedTask> tasks) implements Event {
    public TasksSpawned {
      tasks = List.copyOf(tasks);
    }
  }

  /** Handing out stopped. {@code remaining}: what is left of the workflow's time-out, frozen. */
  record PauseRequested(
      String commandId,
      PauseMode mode,
      String by,
      @Nullable String reason,
      Duration remaining,
      Instant autoResumeAt)
      implements Event {}

  /** Nothing runs any more. */
  record ExecutionPaused() implements Event {}

  /** It goes on; {@code deadline} is the workflow's new one. {@code commandId} null: by itself. */
  record ExecutionResumed(
      @Nullable String commandId,
      String by,
      @Nullable String reason,
      boolean force,
      Instant deadline)
      implements Event {}

  /** Somebody asked for its end. */
  record CancelRequested(String commandId, String by, @Nullable String reason) implements Event {}

  /** It ended by cancellation. */
  record ExecutionCancelled() implements Event {}

  /** It ended well. */
  record ExecutionCompleted(@Nullable Object output) implements Event {}

  /** It failed. */
  record ExecutionFailed(TaskError error) implements Event {}

  /** It ran longer than it may. */
  record ExecutionTimedOut() implements Event {}

  /**
   * A failed execution goes on; {@code tasks} are PENDING again, with their failures and lost
   * leases counted from zero. Their attempts' numbers go on, so that none is given out twice.
   */
  record ExecutionRetried(String commandId, String by, List<String> tasks, Instant deadline)
      implements Event {}

  /** The task waits until then, and goes on by itself. */
  record TaskDelayed(String task, Instant until) implements Event {}

  /** The task waits for a signal of that name; {@code until} null: however long it takes. */
  record SignalAwaited(String task, String signal, @Nullable Instant until) implements Event {}

  /** A signal came, and is kept. */
  record SignalReceived(String id, String signal, @Nullable Object payload, String by)
      implements Event {}

  /** The task took the signal of that name and id, which is not kept any more. */
  record SignalTaken(String task, String signal, String id) implements Event {}

  /**
   * The task waits for a person's decision.
   *
   * @param input what its attempts will be given, as in {@link TaskReadied}
   * @param until when it fails if nobody has decided; null: never
   */
  record ApprovalRequested(String task, @Nullable Object input, @Nullable Instant until)
      implements Event {}

  /**
   * A person decided. What follows for the task is the next event.
   *
   * @param output what the person gave: the task's output, or details of its error
   */
  record ApprovalDecided(
      String commandId,
      String task,
      boolean approved,
      String by,
      @Nullable String reason,
      @Nullable Object output)
      implements Event {}

  /** The task completed without an agent. */
  record TaskPassed(String task, @Nullable Object output) implements Event {}

  /**
   * The state has come near the size at which it takes nothing more; said once.
   *
   * @param bytes that it has
   * @param bytesMax that it may have
   */
  record StateGrewLarge(long bytes, long bytesMax) implements Event {}

  /** What a pause or a resume asks for begins, anew if it was there before: it is PENDING. */
  record HookBegan(String task) implements Event {}

  /**
   * The execution will fail, and what these tasks did is undone, one after the other in this order:
   * for each there is a task now.
   *
   * @param tasks those that completed last first
   * @param deadline when the rest is left undone
   */
  record CompensationBegan(List<String> tasks, TaskError error, Instant deadline) implements Event {
    public CompensationBegan {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * All but the teardown has ended, and with that it is settled how the execution will end.
   *
   * @param outcome the status that it will have
   * @param output its output, where it will be COMPLETED
   * @param error why it will be FAILED or TIMED_OUT
   * @param until when the teardown is given up
   */
  record TeardownBegan(
      ExecutionStatus outcome, @Nullable Object output, @Nullable TaskError error, Instant until)
      implements Event {}

  /**
   * An attempt began, which is carried out by another execution.
   *
   * @param nonce random; makes the child's start that of this attempt and of no other
   * @param child its id
   * @param version of the definition that it runs; 0: none is registered
   */
  record ChildStarted(
      String task,
      int attempt,
      long nonce,
      String child,
      String definition,
      int version,
      Instant deadline)
      implements Event {}

  /**
   * The execution waits for a slot of its concurrency key, behind those that wait already: when it
   * begins, and when it begins anew after its end.
   *
   * @param limit how many executions with that key may run at once
   */
  record SlotAwaited(String key, int limit, OnLimit onLimit) implements Event {}

  /**
   * It has its slot until it ends, and goes on.
   *
   * @param deadline when it times out if it is never paused: the time that it waited isn't counted
   */
  record SlotGranted(Instant deadline) implements Event {}

  /** The child that carries the attempt out is PAUSED, as its pausing parent wants it to be. */
  record ChildPaused(String task, int attempt) implements Event {}

  /** What happened to a schedule. */
  sealed interface OfSchedule extends Event permits ScheduleEvent {}
}
