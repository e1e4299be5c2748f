package dev.holdfast.testkit;

import dev.holdfast.api.ApprovalOptions;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.HistoryEvent;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Children;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.TaskState;
import dev.holdfast.journal.codec.HistoryEvents;
import dev.holdfast.testkit.assertion.ExecutionAssert;
import dev.holdfast.testkit.engine.Chronicle;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * An execution in the kit, for looking at it and controlling it. AssertJ's {@code
 * assertThat(execution)} gives an {@link ExecutionAssert}.
 *
 * <p>A command takes effect at once, and what agents have to do for it happens when time runs
 * ({@link TestKit#runUntilIdle}). One that is refused throws a {@link HoldfastException}, as with
 * the Java client.
 */
public final class KitExecution implements AssertProvider<ExecutionAssert> {
  private final TestKit kit;
  private final ExecutionKey key;
  private final String actor;

  KitExecution(TestKit kit, ExecutionKey key, String actor) {
    this.kit = kit;
    this.key = key;
    this.actor = actor;
  }

  /** The same execution, controlled by somebody else; without this it is {@code test}. */
  public KitExecution as(String who) {
    return new KitExecution(kit, key, who);
  }

  /** Its id. */
  public String id() {
    return key.id();
  }

  /** Name of its definition. */
  public String definition() {
    return state().plan().name();
  }

  /** Where it stands. */
  public ExecutionStatus status() {
    return state().status();
  }

  /** What it was started with. */
  public @Nullable Object input() {
    return state().header().input();
  }

  /** Its output, once it is COMPLETED. */
  public @Nullable Object output() {
    return state().output();
  }

  /** Why it failed; null: it has not. */
  public @Nullable TaskError error() {
    return state().error();
  }

  /** Its variables. */
  public Map<String, @Nullable Object> variables() {
    return state().variables();
  }

  /** When it was started. */
  public Instant startedAt() {
    return state().header().startedAt();
  }

  /** When it ended; null: it has not. */
  public @Nullable Instant endedAt() {
    return state().endedAt();
  }

  /** Its tasks in the definition's order, then those that came into being at run time. */
  public List<KitTask> tasks() {
    ExecutionState state = state();
    return state.plan().tasks().stream().map(planned -> task(state, planned)).toList();
  }

  /**
   * One task; an item of a list is {@code lines[3]}.
   *
   * @throws IllegalArgumentException when there is none of that id (yet), with those that there are
   */
  public KitTask task(String id) {
    ExecutionState state = state();
    if (!state.plan().has(id)) {
      throw new IllegalArgumentException(
          "execution '%s' has no task '%s', it has: %s"
              .formatted(
                  key.id(), id, state.plan().tasks().stream().map(PlannedTask::id).toList()));
    }
    return task(state, state.plan().task(id));
  }

  private static KitTask task(ExecutionState state, PlannedTask planned) {
    TaskState task = state.tasks().get(planned.index());
    String agent =
        planned.carrier() instanceof PlannedTask.AgentTask wanted ? wanted.capability() : null;
    return new KitTask(
        planned.id(),
        task.status(),
        agent,
        planned.kind() instanceof PlannedTask.ForEachTask ? 0 : task.attemptCount(),
        task.failures(),
        task.input(),
        task.output(),
        task.error());
  }

  /**
   * The execution that carries a task of this one out: that of its newest attempt.
   *
   * @throws IllegalArgumentException when there is no such task, or no execution carries it out
   *     (yet)
   */
  public KitExecution child(String task) {
    int attempts = task(task).attempts();
    var child =
        new ExecutionKey(key.tenant(), Children.idOf(key.id(), task, Math.max(attempts, 1)));
    if (attempts == 0 || kit.engine().find(child) == null) {
      throw new IllegalArgumentException(
          "no execution carries out task '%s' of execution '%s': %s"
              .formatted(task, key.id(), waitingFor()));
    }
    return new KitExecution(kit, child, actor);
  }

  /** All that has happened to it, oldest first, as the Java client shows it. */
  public List<HistoryEvent> history() {
    return chronicle().items().stream().map(HistoryEvents::of).toList();
  }

  /** What it waits for, one sentence each; empty once it has ended. */
  public List<String> waitingFor() {
    return kit.waits().of(state());
  }

  /** Tells it something that a task waits for, or will. */
  public void signal(String name) {
    signal(name, null);
  }

  /**
   * Tells it something that a task waits for, or will.
   *
   * @param payload a JSON value, or anything that Jackson writes as one
   */
  public void signal(String name, @Nullable Object payload) {
    signal(name, payload, kit.nextId("signal"));
  }

  /**
   * Tells it something that a task waits for, or will.
   *
   * @param signalId tells a repeat, which changes nothing, from another signal
   */
  public void signal(String name, @Nullable Object payload, String signalId) {
    submit(new Command.SendSignal(signalId, name, JsonConversion.of(payload), actor));
  }

  /** Lets a task pass that awaits approval. */
  public void approve(String task) {
    approve(task, ApprovalOptions.NONE);
  }

  /** Lets a task pass that awaits approval. */
  public void approve(String task, ApprovalOptions options) {
    decide(task, true, options);
  }

  /** Fails a task that awaits approval. */
  public void reject(String task, String reason) {
    reject(task, ApprovalOptions.NONE.reason(reason));
  }

  /** Fails a task that awaits approval. */
  public void reject(String task, ApprovalOptions options) {
    decide(task, false, options);
  }

  private void decide(String task, boolean approved, ApprovalOptions options) {
    submit(
        new Command.DecideApproval(
            kit.nextId("decision"),
            task,
            approved,
            actor,
            options.roles(),
            options.reason(),
            JsonConversion.of(options.output())));
  }

  /** Stops handing out tasks and lets the running ones finish. */
  public void pause() {
    pause(PauseMode.GRACEFUL, null);
  }

  /** Stops handing out tasks. */
  public void pause(PauseMode mode, @Nullable String reason) {
    submit(new Command.PauseExecution(kit.nextId("pause"), mode, actor, reason));
  }

  /** Goes on from exactly where the pause stopped. */
  public void resume() {
    resume(null, false);
  }

  /**
   * Goes on from exactly where the pause stopped.
   *
   * @param force passes over warnings, never over errors
   */
  public void resume(@Nullable String reason, boolean force) {
    submit(new Command.ResumeExecution(kit.nextId("resume"), actor, reason, force));
  }

  /** Ends it now; running attempts are revoked. */
  public void cancel() {
    cancel(null);
  }

  /** Ends it now; running attempts are revoked. */
  public void cancel(@Nullable String reason) {
    submit(new Command.CancelExecution(kit.nextId("cancel"), actor, reason));
  }

  /** Runs a failed execution on from its failed tasks. */
  public void retry() {
    retry(null);
  }

  /**
   * Runs a failed execution on.
   *
   * @param task only this failed task and what follows from it; null: all that failed
   */
  public void retry(@Nullable String task) {
    submit(new Command.RetryExecution(kit.nextId("retry"), actor, task));
  }

  private void submit(Command command) {
    Refusals.check(kit.engine().submit(key, command));
  }

  private Chronicle chronicle() {
    return Objects.requireNonNull(kit.engine().find(key));
  }

  private ExecutionState state() {
    return Objects.requireNonNull(chronicle().state());
  }

  /** Not for calling: by this AssertJ's own {@code assertThat} takes an execution. */
  @Override
  @Deprecated
  public ExecutionAssert assertThat() {
    return new ExecutionAssert(this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KitExecution that && that.kit == kit && that.key.equals(key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  /** Where it stands, what it waits for, and its newest events: for messages of failed tests. */
  @Override
  public String toString() {
    return Description.of(this, kit.now());
  }
}
