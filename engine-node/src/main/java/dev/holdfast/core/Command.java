package dev.holdfast.core;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants of one execution. Whatever is random or comes from a clock is in the command
 * or beside it, so that {@link Decider} stays pure. Every command can be repeated harmlessly: by
 * the token of the attempt, by the request's digest, or by its command id.
 */
public sealed interface Command {

  /**
   * Begins an execution.
   *
   * @param plan the definition's compiled form, whose version the execution keeps
   * @param input already checked against the definition's input schema
   * @param attributes what the execution can be found by
   * @param priority 0 to 9, used by the tasks that don't give their own
   * @param timeout instead of the definition's own, pauses not counted
   * @param requestDigest tells a repeated request from another one with the same id
   * @param by who asked
   * @param parent whose child it is to be; null: nobody's
   */
  record StartExecution(
      Plan plan,
      ExecutionKey key,
      @Nullable Object input,
      Map<String, String> attributes,
      @Nullable String session,
      int priority,
      @Nullable Duration timeout,
      String requestDigest,
      String by,
      @Nullable ParentLink parent)
      implements Command {
    /** Begins nobody's child. */
    public StartExecution(
        Plan plan,
        ExecutionKey key,
        @Nullable Object input,
        Map<String, String> attributes,
        @Nullable String session,
        int priority,
        @Nullable Duration timeout,
        String requestDigest,
        String by) {
      this(plan, key, input, attributes, session, priority, timeout, requestDigest, by, null);
    }
  }

  /**
   * Hands a ready task to a worker: begins an attempt.
   *
   * @param nonce random; becomes part of the attempt's token
   * @param worker the name of who runs it
   */
  record StartTask(String task, long nonce, String worker) implements Command {}

  /**
   * The attempt's result.
   *
   * @param spawn tasks that it adds to the execution
   */
  record CompleteTask(
      String task, int attempt, long nonce, @Nullable Object output, List<SpawnedTask> spawn)
      implements Command {
    public CompleteTask {
      spawn = List.copyOf(spawn);
    }

    /** A result that adds no tasks. */
    public CompleteTask(String task, int attempt, long nonce, @Nullable Object output) {
      this(task, attempt, nonce, output, List.of());
    }
  }

  /**
   * The attempt's failure.
   *
   * @param retryable false: no further attempt, whatever the policy says
   * @param retryAfter instead of the policy's back-off
   */
  record FailTask(
      String task,
      int attempt,
      long nonce,
      TaskError error,
      boolean retryable,
      @Nullable Duration retryAfter)
      implements Command {}

  /** The attempt's worker is gone or silent: the attempt ends and the task is handed out anew. */
  record LoseLease(String task, int attempt, long nonce, LeaseLoss reason) implements Command {}

  /**
   * Lets everything happen whose time has come, and everything that follows from the state. Does
   * nothing when nothing is due.
   */
  record FireTimers() implements Command {}

  /**
   * Stops handing out work.
   *
   * @param autoResumeAfter when it goes on by itself; null: after {@link Limits#AUTO_RESUME_AFTER}
   */
  record PauseExecution(
      String commandId,
      PauseMode mode,
      String by,
      @Nullable String reason,
      @Nullable Duration autoResumeAfter)
      implements Command {
    /** A pause of the usual length. */
    public PauseExecution(String commandId, PauseMode mode, String by, @Nullable String reason) {
      this(commandId, mode, by, reason, null);
    }
  }

  /**
   * Goes on from exactly where the pause stopped.
   *
   * @param force passes over warnings, never over errors
   */
  record ResumeExecution(String commandId, String by, @Nullable String reason, boolean force)
      implements Command {}

  /**
   * Gives the execution the slot of its concurrency key that it waits for. Whoever runs it sees to
   * it that the epoch is still the one under which it decides.
   *
   * @param epoch under which the slots were counted
   * @param seq of the execution as it was seen: what has changed since is not given it
   */
  record GrantSlot(long epoch, long seq) implements Command {}

  /** Ends the execution; running attempts are revoked. */
  record CancelExecution(String commandId, String by, @Nullable String reason) implements Command {}

  /**
   * Runs a failed execution on from its failed tasks.
   *
   * @param task only this one and what follows from it; null: all that failed
   */
  record RetryExecution(String commandId, String by, @Nullable String task) implements Command {}

  /**
   * Tells the execution something from outside; kept until a task takes it.
   *
   * @param signalId tells a repeat from another signal of that name
   * @param name which tasks wait for it
   */
  record SendSignal(String signalId, String name, @Nullable Object payload, String by)
      implements Command {}

  /**
   * A person lets a task pass that awaits approval, or fails it.
   *
   * @param roles that the person has
   * @param output approved: the task's output, as if its agent had given it, which then isn't
   *     asked; rejected: details of the task's error
   */
  record DecideApproval(
      String commandId,
      String task,
      boolean approved,
      String by,
      List<String> roles,
      @Nullable String reason,
      @Nullable Object output)
      implements Command {
    public DecideApproval {
      roles = List.copyOf(roles);
    }
  }

  /**
   * Begins an attempt of a task that another execution carries out, once its definition's version
   * is known.
   *
   * @param nonce random
   * @param version newest of the definition, or the pinned one; 0: none is registered
   */
  record StartChild(String task, long nonce, int version) implements Command {}

  /** Tells a parent of the child that carries an attempt out; does nothing once that has ended. */
  record TellOfChild(String task, int attempt, ChildReport report) implements Command {}

  /**
   * Tells a child what its parent wants; does nothing to one that is so already, or has ended.
   *
   * @param seq grows with the parent's changes of mind
   * @param by who wanted it of the parent
   */
  record FollowParent(long seq, ParentWish wish, String by, @Nullable String reason)
      implements Command {}

  /** What somebody wants of a schedule. */
  sealed interface OfSchedule extends Command permits ScheduleCommand {}
}
