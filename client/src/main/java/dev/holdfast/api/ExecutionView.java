package dev.holdfast.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An execution as it is shown (CONTRACT §3). In JSON, fields that are null are left out.
 *
 * @param version of the definition, from 1
 * @param currentTasks ids of the tasks that are RUNNING, RETRYING or AWAITING_APPROVAL
 * @param variables as they are now, by name
 * @param input what it was started with; null: nothing
 * @param output the execution's output once COMPLETED
 * @param error why it failed or timed out, or is about to; null: it did not
 * @param pause the one that is in force; null: none
 * @param signals those that no task has taken yet; null: none
 * @param closing how it will end, while its teardown is under way; null: that isn't settled yet, or
 *     it has ended
 * @param eta when it will have ended; null where that would be a guess
 * @param parent the execution whose task this one carries out; null: none
 * @param scheduled the schedule that began it; null: none
 * @param concurrency its place among executions with the same concurrency key; null: its definition
 *     has none
 * @param checkpoint the newest one; null: there is none yet, or nobody asked for it
 * @param session what it was started with; null: nothing
 * @param priority 0 to 9, of its tasks that have none of their own
 * @param seq number of its last event, from 1
 * @param updatedAt when that was
 * @param endedAt null: it has not ended
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
   * @param total all that there are so far: more may be added at run time
   * @param pending not started: PENDING, READY, RETRYING, AWAITING_APPROVAL
   * @param failed FAILED and CANCELLED
   * @param percent 0 to 100: ended of total
   */
  public record Progress(
      int total, int completed, int running, int pending, int skipped, int failed, int percent) {}

  /**
   * One of its tasks.
   *
   * @param agent the capability; null where no agent carries it out
   * @param worker who runs or ran the newest attempt
   * @param attempt the newest attempt's number; 0 before the first, and of a list of items
   * @param attempts those that are kept, oldest first
   * @param output once COMPLETED; null before, and of a task that gave none
   * @param error why it is FAILED; null: it is not, and each attempt has its own
   * @param retryAt when the next attempt begins; null: none is waited for
   * @param progress what the newest heartbeat said, 0 to 1; null: nothing
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
   * @param reason what was said of it; null: nothing
   * @param at when it was decided
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
   * An attempt at a task.
   *
   * @param n its number, from 1
   * @param outcome {@code completed, error, timed-out, lease-lost, revoked}; null while it runs
   * @param error why it failed; null: it did not
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
   * A pause that is in force.
   *
   * @param mode {@code graceful, immediate}
   * @param by who asked for it
   * @param reason what was said of it; null: nothing
   * @param at when it was first asked for
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
   * @param id by which a repeat is known
   * @param by who sent it
   * @param at when it came
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
   * A place from which it can be loaded.
   *
   * @param seq number of the last event that it has
   * @param latest always true here: this is the newest
   */
  public record Checkpoint(String id, long seq, Instant at, boolean latest) {}
}
