package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionView;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.api.TaskToken;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.AttemptOutcome;
import dev.holdfast.core.Closing;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Gate;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.Pause;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.Slot;
import dev.holdfast.core.TaskState;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows an execution's state as users see it, with what its agents' heartbeats said. */
public final class ExecutionViews {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutionViews.class);

  private ExecutionViews() {}

  /**
   * The execution with its newest checkpoint, when it will have ended, the progress of its running
   * attempts and the reason why ready tasks wait. Reads the store, so it blocks; for virtual
   * threads.
   */
  public static ExecutionView of(Engine engine, ExecutionState state) {
    ExecutionView.Checkpoint checkpoint =
        engine.records().latestCheckpoint(state.key()).map(ExecutionViews::checkpoint).orElse(null);
    return of(state, engine.dispatcher(), checkpoint, engine.eta(state));
  }

  /**
   * The execution without its checkpoint and when it will have ended, for an answer that shouldn't
   * read the store.
   */
  public static ExecutionView withoutCheckpoint(Engine engine, ExecutionState state) {
    return of(state, engine.dispatcher(), null, null);
  }

  private static ExecutionView of(
      ExecutionState state,
      Dispatcher dispatcher,
      ExecutionView.@Nullable Checkpoint checkpoint,
      ExecutionView.@Nullable Eta eta) {
    var header = state.header();
    var current = new ArrayList<String>();
    var tasks = new ArrayList<ExecutionView.Task>(state.tasks().size());
    Supplier<@Nullable List<Dispatcher.AgentInfo>> agents =
        new Once(() -> dispatcher.agents(state.key().tenant()));
    Map<TaskToken, Dispatcher.Progress> said = said(state, dispatcher);
    for (PlannedTask planned : Family.ordered(state.plan())) {
      TaskState task = state.tasks().get(planned.index());
      if (isCurrent(task.status())) {
        current.add(planned.id());
      }
      tasks.add(task(state, planned, task, said, agents, dispatcher::rateLimit));
    }
    return new ExecutionView(
        state.key().id(),
        state.plan().name(),
        state.plan().version(),
        state.key().tenant(),
        state.status(),
        progress(state.tasks()),
        List.copyOf(current),
        List.copyOf(tasks),
        state.variables(),
        header.input(),
        state.output(),
        state.error(),
        pause(state),
        signals(state),
        closing(state),
        eta,
        parent(header.parent()),
        scheduled(header.parent()),
        concurrency(state.slot()),
        checkpoint,
        header.attributes(),
        header.session(),
        header.priority(),
        state.seq(),
        header.startedAt(),
        state.updatedAt(),
        state.endedAt());
  }

  private static boolean isCurrent(TaskStatus status) {
    return switch (status) {
      case RUNNING, RETRYING, AWAITING_APPROVAL -> true;
      case PENDING, READY, COMPLETED, FAILED, SKIPPED, CANCELLED -> false;
    };
  }

  private static ExecutionView.Task task(
      ExecutionState state,
      PlannedTask planned,
      TaskState task,
      Map<TaskToken, Dispatcher.Progress> said,
      Supplier<@Nullable List<Dispatcher.AgentInfo>> agents,
      Function<String, @Nullable RateLimit> rateLimit) {
    PlannedTask.Kind carrier = planned.carrier();
    String worker = task.attempts().isEmpty() ? null : task.attempts().getLast().worker();
    return new ExecutionView.Task(
        planned.id(),
        task.status(),
        carrier instanceof PlannedTask.AgentTask agent ? agent.capability() : null,
        worker,
        planned.kind() instanceof PlannedTask.ForEachTask ? 0 : task.attemptCount(),
        task.attempts().stream().map(ExecutionViews::attempt).toList(),
        task.output(),
        task.error(),
        task.retryAt(),
        liveProgress(state, planned.id(), task, said),
        WaitingReason.of(state, planned, task, agents, rateLimit),
        Family.of(state.plan(), planned),
        Family.needs(state.plan(), planned),
        approval(planned, task),
        carrier instanceof PlannedTask.WorkflowTask workflow ? workflow.definition() : null,
        childOf(task));
  }

  private static ExecutionView.@Nullable Approval approval(PlannedTask planned, TaskState task) {
    List<String> approvers = PendingApprovals.approvers(planned);
    return switch (task.gate()) {
      case null -> null;
      case Gate.Delayed _, Gate.AwaitingSignal _ -> null;
      case Gate.AwaitingApproval gate ->
          new ExecutionView.Approval(
              approvers, gate.since(), gate.until(), task.input(), null, null, null, null);
      case Gate.Decided gate ->
          new ExecutionView.Approval(
              approvers, null, null, null, gate.approved(), gate.by(), gate.reason(), gate.at());
    };
  }

  private static ExecutionView.AttemptInfo attempt(Attempt attempt) {
    AttemptOutcome outcome = attempt.outcome();
    return new ExecutionView.AttemptInfo(
        attempt.number(),
        attempt.worker(),
        attempt.startedAt(),
        attempt.endedAt(),
        outcome == null ? null : word(outcome),
        attempt.error(),
        idOf(attempt));
  }

  private static @Nullable String childOf(TaskState task) {
    return task.attempts().isEmpty() ? null : idOf(task.attempts().getLast());
  }

  private static @Nullable String idOf(Attempt attempt) {
    return attempt.child() == null ? null : attempt.child().id();
  }

  private static ExecutionView.@Nullable Parent parent(@Nullable ParentLink link) {
    return link == null || link.isOfSchedule()
        ? null
        : new ExecutionView.Parent(link.execution(), link.task(), link.attempt());
  }

  private static ExecutionView.@Nullable Scheduled scheduled(@Nullable ParentLink link) {
    return link == null || !link.isOfSchedule()
        ? null
        : new ExecutionView.Scheduled(
            ExecutionKey.scheduleOf(link.execution()), link.scheduledAt());
  }

  private static ExecutionView.@Nullable Concurrency concurrency(@Nullable Slot slot) {
    return slot == null
        ? null
        : new ExecutionView.Concurrency(
            slot.key(), slot.limit(), slot.onLimit().text(), slot.held(), slot.since());
  }

  private static Map<TaskToken, Dispatcher.Progress> said(
      ExecutionState state, Dispatcher dispatcher) {
    var running = new ArrayList<TaskToken>();
    for (PlannedTask planned : state.plan().tasks()) {
      TaskToken token = runningToken(state, planned.id(), state.tasks().get(planned.index()));
      if (token != null) {
        running.add(token);
      }
    }
    return running.isEmpty() ? Map.of() : dispatcher.progress(state.key(), running);
  }

  private static @Nullable TaskToken runningToken(ExecutionState state, String id, TaskState task) {
    Attempt running = task.runningAttempt();
    return running == null || running.child() != null
        ? null
        : new TaskToken(state.key().id(), id, running.number(), running.nonce());
  }

  private static @Nullable Double liveProgress(
      ExecutionState state, String id, TaskState task, Map<TaskToken, Dispatcher.Progress> said) {
    TaskToken token = runningToken(state, id, task);
    Dispatcher.Progress newest = token == null ? null : said.get(token);
    return newest == null ? null : newest.progress();
  }

  private static ExecutionView.Progress progress(List<TaskState> tasks) {
    int completed = 0;
    int running = 0;
    int skipped = 0;
    int failed = 0;
    int pending = 0;
    for (TaskState task : tasks) {
      switch (task.status()) {
        case COMPLETED -> completed++;
        case RUNNING -> running++;
        case SKIPPED -> skipped++;
        case FAILED, CANCELLED -> failed++;
        case PENDING, READY, RETRYING, AWAITING_APPROVAL -> pending++;
      }
    }
    int total = tasks.size();
    int percent = total == 0 ? 100 : (completed + skipped + failed) * 100 / total;
    return new ExecutionView.Progress(total, completed, running, pending, skipped, failed, percent);
  }

  private static ExecutionView.@Nullable PauseInfo pause(ExecutionState state) {
    Pause pause = state.pause();
    return pause == null
        ? null
        : new ExecutionView.PauseInfo(
            word(pause.mode()),
            pause.by(),
            pause.reason(),
            pause.at(),
            pause.autoResumeAt(),
            state.runningTasks() == 0);
  }

  private static @Nullable List<ExecutionView.Signal> signals(ExecutionState state) {
    return state.signals().kept().isEmpty()
        ? null
        : state.signals().kept().stream()
            .map(kept -> new ExecutionView.Signal(kept.name(), kept.id(), kept.by(), kept.at()))
            .toList();
  }

  private static ExecutionView.@Nullable Closing closing(ExecutionState state) {
    Closing closing = state.closing();
    return closing == null
        ? null
        : new ExecutionView.Closing(
            closing.outcome(), closing.output(), closing.error(), state.deadline());
  }

  private static ExecutionView.Checkpoint checkpoint(StateStore.CheckpointInfo info) {
    return new ExecutionView.Checkpoint(info.id(), info.seq(), info.at(), true);
  }

  /** An enum's name as it is written in JSON: {@code timed-out}. */
  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Asks for the agents when the first ready task is seen, and only then; null: nobody tells. */
  private static final class Once implements Supplier<@Nullable List<Dispatcher.AgentInfo>> {
    private final Supplier<List<Dispatcher.AgentInfo>> source;
    private @Nullable List<Dispatcher.AgentInfo> answer;
    private boolean asked;

    Once(Supplier<List<Dispatcher.AgentInfo>> source) {
      this.source = source;
    }

    @Override
    public @Nullable List<Dispatcher.AgentInfo> get() {
      if (!asked) {
        asked = true;
        try {
          answer = source.get();
        } catch (StoreException e) {
          // The view goes without: it may be the answer to a command that has taken effect.
          LOG.debug("no member says which agents there are", e);
        }
      }
      return answer;
    }
  }
}
