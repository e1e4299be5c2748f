package dev.holdfast.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An execution as it is shown (CONTRACT §3). In JSON, fields that are null are left out.
 *
 * @param currentTasks ids of the tasks that are RUNNING, RETRYING or AWAITING_APPROVAL
 * @param output the execution's output once COMPLETED
 * @param signals those that no task has taken yet; null: none
 * @param closing how it will end, while its teardown is under way; null: that isn't settled yet, or
 *     it has ended
 * @param eta when it will have ended; null where that would be a guess
 * @param parent the execution whose task this one carries out; null: none
 * @param scheduled the schedule that began it; null: none
 * @param concurrency its place among executions with the same concurrency key; null: its definition
 *     has none
 * @param checkpoint the newest one
 * @param seq number of its last event
 */
public record ExecutionView(
    String id,
    String definition,
    int version,
    String tenant,
    ExecutionStatus status,
    Progress progress,
    List<String> currentTasks,
    List<Task> tasks,
    Map<String, @Nullable Object> variables,
    @Nullable Object input,
    @Nullable Object output,
    @Nullable TaskError error,
    @Nullable PauseInfo pause,
    @Nullable List<Signal> signals,
    @Nullable Closing closing,
    @Nullable Eta eta,
    @Nullable Parent parent,
    @Nullable Scheduled scheduled,
    @Nullable Concurrency concurrency,
    @Nullable Checkpoint checkpoint,
    Map<String, String> attributes,
    @Nullable String session,
    int priority,
    long seq,
    Instant startedAt,
    Instant updatedAt,
    @Nullable Instant endedAt) {

  /**
   * Counts of tasks.
   *
   * @param pending not started: PENDING, READY, RETRYING, AWAITING_APPROVAL
   * @param failed FAILED and CANCELLED
   * @param percent 0 to 100: ended of total
   */
  public record Progress(
      int total, int completed, int running, int pending, int skipped, int failed, int percent) {}

  /**
   * @param agent the capability; null for a decision
   * @param worker who runs or ran the newest attempt
   * @param attempt the newest attempt's number; 0 before the first
   * @param progress what the newest heartbeat said
   * @param waitingFor why a task that could go on is not running yet, where that is known: {@code
   *     agent: capability X with region=eu} (no agent is known that could take it), {@code free
   *     agent: capability X}, {@code rate limit: capability X at 10/s}, {@code approval}, {@code
   *     approval: ROLES}, {@code signal: NAME}, {@code signal: NAME until TIME}, {@code timer:
   *     until TIME}, {@code concurrency key: KEY} or {@code paused}
   * @param of the task by which it came into being at run time; null of the definition's own
   * @param needs ids of its predecessors; null when it has none, and of the items of a list
   * @param approval the decision that it waits for, or that was made
   * @param workflow the definition of the executions that carry it out; null of all other tasks
   * @param child the id of the execution that carries the newest attempt out
   */
  public record Task(
      String id,
      TaskStatus status,
      @Nullable String agent,
      @Nullable String worker,
      int attempt,
      List<AttemptInfo> attempts,
      @Nullable Object output,
      @Nullable TaskError error,
      @Nullable Instant retryAt,
      @Nullable Double progress,
      @Nullable String waitingFor,
      @Nullable String of,
      @Nullable List<String> needs,
      @Nullable Approval approval,
      @Nullable String workflow,
      @Nullable String child) {}

  /**
   * Whose child an execution is.
   *
   * @param id of the parent
   * @param task of it that the child carries out
   * @param attempt which attempt of that task
   */
  public record Parent(String id, String task, int attempt) {}

  /**
   * What began an execution.
   *
   * @param by the schedule's name
   * @param at the time that it is for
   */
  public record Scheduled(String by, Instant at) {}

  /**
   * An execution's place among those of its definition with the same concurrency key.
   *
   * @param key the value of the definition's {@code concurrencyKey}
   * @param limit how many may run at once
   * @param onLimit {@code queue}, {@code cancel-running} or {@code refuse}
   * @param held whether it has, or had, its slot: without one none of its tasks begins
   * @param since from when on it has waited for it
   */
  public record Concurrency(String key, int limit, String onLimit, boolean held, Instant since) {}

  /**
   * A person's decision on a task.
   *
   * @param approvers roles of which one is enough to decide; empty: anybody may
   * @param since when it was asked for; null once it was made
   * @param expiresAt when the task fails if nobody has decided; null: never
   * @param input what the task will be given; null once it was made
   * @param approved null: nobody has decided
   * @param by who decided
   */
  public record Approval(
      List<String> approvers,
      @Nullable Instant since,
      @Nullable Instant expiresAt,
      @Nullable Object input,
      @Nullable Boolean approved,
      @Nullable String by,
      @Nullable String reason,
      @Nullable Instant at) {}

  /**
   * @param outcome {@code completed, error, timed-out, lease-lost, revoked}; null while it runs
   * @param child the id of the execution that carries it out; null: an agent does
   */
  public record AttemptInfo(
      int n,
      String worker,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String outcome,
      @Nullable TaskError error,
      @Nullable String child) {}

  /**
   * @param mode {@code graceful, immediate}
   * @param autoResumeAt when it resumes by itself
   * @param drained whether nothing runs any more; what runs may finish, and is in {@code
   *     currentTasks}
   */
  public record PauseInfo(
      String mode,
      String by,
      @Nullable String reason,
      Instant at,
      Instant autoResumeAt,
      boolean drained) {}

  /**
   * A signal that is kept.
   *
   * @param by who sent it
   */
  public record Signal(String name, String id, String by, Instant at) {}

  /**
   * How an execution will end.
   *
   * @param outcome the status that it will have
   * @param output its output, where it will be COMPLETED
   * @param error why it will be FAILED or TIMED_OUT
   * @param until when what is under way before is given up; moved by pauses
   */
  public record Closing(
      ExecutionStatus outcome, @Nullable Object output, @Nullable TaskError error, Instant until) {}

  /**
   * How long what is left will take, by how long such tasks took lately.
   *
   * @param remainingMs the same as {@code p50Ms}
   * @param at when that will be over; null while it is paused
   * @param p50Ms as likely less as more
   * @param p90Ms more in one of ten cases
   * @param basis how often the task was seen that was seen least of those counted: {@code 12
   *     samples}
   */
  public record Eta(long remainingMs, @Nullable Instant at, long p50Ms, long p90Ms, String basis) {}

  /**
   * @param latest always true here: this is the newest
   */
  public record Checkpoint(String id, long seq, Instant at, boolean latest) {}
}
