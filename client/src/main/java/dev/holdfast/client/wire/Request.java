package dev.holdfast.client.wire;

import dev.holdfast.api.ExecutionFilter;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskToken;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of a member. The tenant is the batch's. Every request can be repeated
 * harmlessly.
 */
public sealed interface Request {

  /** A request about one execution, best answered by its owner. */
  sealed interface OfExecution extends Request {
    /** Id of the execution. */
    String execution();
  }

  /** One of those that come in masses and are answered quickly, so that they share batches. */
  sealed interface Frequent extends OfExecution {}

  /**
   * Starts an execution. Reply: {@link Reply.Done}.
   *
   * @param version null: the newest
   * @param timeoutMillis null: the definition's own
   * @param watch whether the end is to be pushed
   * @param fresh whether the id was made for this request, which has not been sent before
   */
  record Start(
      String execution,
      String definition,
      @Nullable Integer version,
      @Nullable Object input,
      Map<String, String> attributes,
      @Nullable String session,
      @Nullable Integer priority,
      @Nullable Long timeoutMillis,
      boolean watch,
      boolean fresh)
      implements Frequent {
    /** The same request, which may have arrived before. */
    public Start again() {
      return new Start(
          execution,
          definition,
          version,
          input,
          attributes,
          session,
          priority,
          timeoutMillis,
          watch,
          false);
    }
  }

  /**
   * An attempt's result. Reply: {@link Reply.Done}.
   *
   * @param spawn tasks that it adds to its execution
   */
  record Complete(TaskToken token, @Nullable Object output, List<SpawnedTask> spawn)
      implements Frequent {
    /** A result that adds no tasks. */
    public Complete(TaskToken token, @Nullable Object output) {
      this(token, output, List.of());
    }

    @Override
    public String execution() {
      return token.execution();
    }
  }

  /** An attempt's failure. Reply: {@link Reply.Done}. */
  record Fail(TaskToken token, TaskError error, boolean retryable, @Nullable Long retryAfterMillis)
      implements Frequent {
    @Override
    public String execution() {
      return token.execution();
    }
  }

  /** A sign of life of one attempt. Reply: {@link Reply.Body} with whether it was revoked. */
  record Heartbeat(TaskToken token, @Nullable Double progress, @Nullable Object details)
      implements Frequent {
    @Override
    public String execution() {
      return token.execution();
    }
  }

  /**
   * Wants to hear of the end. Reply: {@link Reply.Ended} at once if it has ended, else {@link
   * Reply.Done}, and the end is pushed.
   */
  record Watch(String execution) implements Frequent {}

  /** Reply: {@link Reply.Done}. */
  record Pause(String execution, String commandId, PauseMode mode, @Nullable String reason)
      implements OfExecution {}

  /** Reply: {@link Reply.Done}. */
  record Resume(String execution, String commandId, @Nullable String reason, boolean force)
      implements OfExecution {}

  /** Reply: {@link Reply.Done}. */
  record Cancel(String execution, String commandId, @Nullable String reason)
      implements OfExecution {}

  /** Reply: {@link Reply.Done}. */
  record Retry(String execution, String commandId, @Nullable String task) implements OfExecution {}

  /**
   * A word from outside. Reply: {@link Reply.Done}.
   *
   * @param signalId tells a repeat from another signal
   */
  record Signal(String execution, String signalId, String name, @Nullable Object payload)
      implements OfExecution {}

  /**
   * A person's decision on a task. Reply: {@link Reply.Done}.
   *
   * @param roles that the person has
   */
  record Decide(
      String execution,
      String commandId,
      String task,
      boolean approved,
      List<String> roles,
      @Nullable String reason,
      @Nullable Object output)
      implements OfExecution {}

  /** Reply: {@link Reply.Body} with an {@code ExecutionView}. */
  record GetExecution(String execution) implements OfExecution {}

  /** Reply: {@link Reply.Body} with a {@code RepairResult}. */
  record Repair(String execution) implements OfExecution {}

  /** Reply: {@link Reply.Body} with a list of {@code HistoryEvent}. */
  record GetHistory(String execution, long after, int limit) implements OfExecution {}

  /** Reply: {@link Reply.Body} with a {@code DefinitionView}. */
  record Register(String mediaType, String source) implements Request {}

  /** Reply: {@link Reply.Body} with a list of {@code DefinitionProblem}. */
  record Validate(String mediaType, String source) implements Request {}

  /** Reply: {@link Reply.Body} with a {@code DefinitionView}. */
  record GetDefinition(String name, @Nullable Integer version) implements Request {}

  /** Reply: {@link Reply.Body} with a list of {@code DefinitionView}. */
  record ListDefinitions() implements Request {}

  /** Reply: {@link Reply.Body} with a {@code Page} of {@code ExecutionSummary}. */
  record ListExecutions(ExecutionFilter filter) implements Request {}

  /** Reply: {@link Reply.Body} with a {@code Page} of {@code ApprovalView}. */
  record ListApprovals(
      @Nullable String definition, @Nullable String role, int limit, @Nullable String cursor)
      implements Request {}

  /** A request about schedules. */
  sealed interface OfSchedules extends Request {}

  /** Reply: {@link Reply.Body} with a {@code ScheduleView}. */
  record SetSchedule(String name, ScheduleSpec spec) implements OfSchedules {}

  /** Reply: {@link Reply.Body} with whether that changed anything. */
  record SwitchSchedule(String name, String commandId, ScheduleStatus to, @Nullable String reason)
      implements OfSchedules {}

  /** Reply: {@link Reply.Body} with a {@code ScheduleView}. */
  record GetSchedule(String name) implements OfSchedules {}

  /** Reply: {@link Reply.Body} with a list of {@code HistoryEvent}. */
  record GetScheduleHistory(String name, long after, int limit) implements OfSchedules {}

  /** Reply: {@link Reply.Body} with a {@code Page} of {@code ScheduleView}. */
  record ListSchedules(int limit, @Nullable String cursor) implements OfSchedules {}

  /** Reply: {@link Reply.Body} with a list of {@code AgentView}: those of all members. */
  record ListAgents() implements Request {}

  /**
   * An agent wants tasks from the member that this is sent to. Reply: {@link Reply.Done}; the
   * member also pushes {@link Push.Opened}, so that the agent knows that pushes reach it before it
   * grants anything. May be repeated until they do.
   *
   * @param session chosen by the client, never used twice
   */
  record OpenSession(
      long session, String worker, List<String> capabilities, Map<String, String> labels)
      implements Request {}

  /**
   * The agent has better use for credit that lies idle with the member. Reply: {@link
   * Reply.Recalled}.
   *
   * @param number counts the session's recalls from 1; a repeat is answered as the first time
   * @param most how much to give back at most
   */
  record Recall(long session, long number, int most) implements Request {}

  /** The agent takes no more tasks and finishes those that it has. Reply: {@link Reply.Done}. */
  record DrainSession(long session) implements Request {}

  /** The agent is done with the member; nothing of it runs any more. Reply: {@link Reply.Done}. */
  record CloseSession(long session) implements Request {}

  /**
   * The agent is alive and runs exactly these. Reply: {@link Reply.BeatSeen}, or a refusal with
   * {@link Reply.Refused#UNKNOWN_SESSION} after the member's restart.
   */
  record Beat(long session, List<TaskToken> running) implements Request {}
}
