package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Hook;
import dev.holdfast.core.PlannedTask.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A state that events are being folded into. Copies the list of tasks once, at the first event that
 * changes a task, however many events follow. Of use to one thread, within one call.
 */
final class Fold {
  private ExecutionHeader header;
  private Plan plan;
  private ExecutionStatus status;
  private long seq;
  private Instant updatedAt;
  private @Nullable Instant endedAt;
  private Instant deadline;
  private Map<String, @Nullable Object> variables;
  private List<TaskState> tasks;
  private TaskState @Nullable [] ownTasks;
  private int openTasks;
  private int runningTasks;
  private @Nullable Object output;
  private @Nullable TaskError error;
  private @Nullable Pause pause;
  private List<String> recentCommands;
  private long payloadBytes;
  private Signals signals;
  private boolean large;
  private @Nullable Closing closing;
  private List<String> undoable;
  private @Nullable Slot slot;
  private @Nullable ExecutionState view;

  /** Goes on from a state. */
  Fold(ExecutionState from) {
    header = from.header();
    plan = header.plan();
    status = from.status();
    seq = from.seq();
    updatedAt = from.updatedAt();
    endedAt = from.endedAt();
    deadline = from.deadline();
    variables = from.variables();
    tasks = from.tasks();
    openTasks = from.openTasks();
    runningTasks = from.runningTasks();
    output = from.output();
    error = from.error();
    pause = from.pause();
    recentCommands = from.recentCommands();
    payloadBytes = from.payloadBytes();
    signals = from.signals();
    large = from.large();
    closing = from.closing();
    undoable = from.undoable();
    slot = from.slot();
    view = from;
  }

  /** Begins with an execution's first event. */
  Fold(ExecutionHeader header, Event.ExecutionStarted event, Instant at) {
    this.header = header;
    plan = header.plan();
    status = ExecutionStatus.RUNNING;
    seq = 1;
    updatedAt = at;
    deadline = event.deadline();
    variables = event.variables();
    ownTasks = new TaskState[plan.tasks().size()];
    Arrays.fill(ownTasks, TaskState.PENDING);
    tasks = new TaskList(ownTasks);
    openTasks = tasks.size();
    recentCommands = List.of();
    signals = Signals.NONE;
    undoable = List.of();
    payloadBytes = Sizes.of(event.input()) + Sizes.of(event.variables());
  }

  /**
   * The state so far, for looking at before the next event: its list of tasks is the one that the
   * next event writes to.
   */
  ExecutionState view() {
    ExecutionState known = view;
    if (known == null) {
      known =
          new ExecutionState(
              header,
              status,
              seq,
              updatedAt,
              endedAt,
              deadline,
              variables,
              tasks,
              openTasks,
              runningTasks,
              output,
              error,
              pause,
              recentCommands,
              payloadBytes,
              signals,
              large,
              closing,
              undoable,
              slot);
      view = known;
    }
    return known;
  }

  /** The state, for keeping. */
  ExecutionState finish() {
    ExecutionState state = view();
    ownTasks = null;
    return state;
  }

  Plan plan() {
    return plan;
  }

  ExecutionHeader header() {
    return header;
  }

  ExecutionStatus status() {
    return status;
  }

  Instant deadline() {
    return deadline;
  }

  TaskState task(int index) {
    return tasks.get(index);
  }

  int taskCount() {
    return tasks.size();
  }

  int openTasks() {
    return openTasks;
  }

  int runningTasks() {
    return runningTasks;
  }

  @Nullable TaskError error() {
    return error;
  }

  @Nullable Pause pause() {
    return pause;
  }

  @Nullable Closing closing() {
    return closing;
  }

  List<String> undoable() {
    return undoable;
  }

  @Nullable Slot slot() {
    return slot;
  }

  /** See {@link ExecutionState#waitsForSlot}. */
  boolean waitsForSlot() {
    return slot != null && !slot.held() && !status.isEnded();
  }

  long payloadBytes() {
    return payloadBytes;
  }

  Signals signals() {
    return signals;
  }

  boolean large() {
    return large;
  }

  Map<String, @Nullable Object> variables() {
    return variables;
  }

  /**
   * @throws IllegalStateException when the event can't have happened to this state
   */
  void apply(Event event, Instant at) {
    try {
      step(event, at);
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "%s seq %d: %s can't follow: %s"
              .formatted(header.key(), seq + 1, event.getClass().getSimpleName(), e.getMessage()),
          e);
    }
    seq++;
    if (at.isAfter(updatedAt)) {
      updatedAt = at;
    }
    view = null;
  }

  private void step(Event event, Instant at) {
    switch (event) {
      case Event.ExecutionStarted e -> throw new IllegalStateException("it has begun already");
      case Event.TaskReadied e -> readied(e, at);
      case Event.TaskStarted e -> started(e, at);
      case Event.TaskCompleted e -> completed(e, at);
      case Event.VariablesSet e -> variablesSet(e);
      case Event.AttemptFailed e -> attemptFailed(e, at);
      case Event.TaskRetryScheduled e -> {
        int i = plan.indexOf(e.task());
        put(i, TaskSteps.retryScheduled(task(i), e.retryAt()));
      }
      case Event.TaskRequeued e -> {
        int i = plan.indexOf(e.task());
        put(i, TaskSteps.requeued(task(i), at));
      }
      case Event.TaskFailed e -> failed(e);
      case Event.TaskSkipped e -> {
        int i = plan.indexOf(e.task());
        end(i, TaskSteps.skipped(task(i)));
      }
      case Event.TaskCancelled e -> {
        int i = plan.indexOf(e.task());
        end(i, TaskSteps.cancelled(task(i)));
      }
      case Event.DecisionTaken e -> {
        int i = plan.indexOf(e.task());
        end(i, TaskSteps.decided(task(i), Choices.output(e.chosenCase(), e.then())));
      }
      case Event.TaskExpanded e -> expanded(e, at);
      case Event.TaskGathered e -> gathered(e);
      case Event.TasksSpawned e -> {
        grow(new Growth.Spawned(e.task(), e.tasks()));
        payloadBytes += Sizes.ofSpawned(e.tasks());
      }
      case Event.PauseRequested e -> pauseRequested(e, at);
      case Event.ExecutionPaused e -> {
        expect(ExecutionStatus.PAUSING);
        status = ExecutionStatus.PAUSED;
      }
      case Event.ExecutionResumed e -> {
        if (pause == null) {
          throw new IllegalStateException("it is not paused");
        }
        status = ExecutionStatus.RUNNING;
        moveGates(Duration.between(pause.at(), at));
        goOnWithChildren(Duration.between(pause.at(), at));
        pause = null;
        deadline = e.deadline();
        remember(e.commandId());
      }
      case Event.CancelRequested e -> {
        expectOpen();
        status = ExecutionStatus.CANCELLING;
        pause = null;
        remember(e.commandId());
      }
      case Event.ExecutionCancelled e -> {
        expect(ExecutionStatus.CANCELLING);
        endExecution(ExecutionStatus.CANCELLED, at);
      }
      case Event.ExecutionCompleted e -> {
        expect(ExecutionStatus.RUNNING);
        output = e.output();
        endExecution(ExecutionStatus.COMPLETED, at);
      }
      case Event.ExecutionFailed e -> {
        expect(ExecutionStatus.RUNNING);
        error = e.error();
        endExecution(ExecutionStatus.FAILED, at);
      }
      case Event.ExecutionTimedOut e -> {
        expect(ExecutionStatus.RUNNING);
        error = timeoutError();
        endExecution(ExecutionStatus.TIMED_OUT, at);
      }
      case Event.ExecutionRetried e -> retried(e);
      case Event.TaskDelayed e -> {
        int i = plan.indexOf(e.task());
        put(i, TaskSteps.heldUp(task(i), new Gate.Delayed(e.until())));
      }
      case Event.SignalAwaited e -> {
        int i = plan.indexOf(e.task());
        put(i, TaskSteps.heldUp(task(i), new Gate.AwaitingSignal(at, e.until())));
      }
      case Event.SignalReceived e -> {
        expectOpen();
        payloadBytes += Sizes.of(e.payload());
        signals = signals.received(new Signals.Signal(e.id(), e.signal(), e.payload(), e.by(), at));
      }
      case Event.SignalTaken e -> signalTaken(e);
      case Event.ApprovalRequested e -> approvalRequested(e, at);
      case Event.ApprovalDecided e -> {
        int i = plan.indexOf(e.task());
        var decision = new Gate.Decided(e.approved(), e.by(), e.reason(), at);
        put(i, TaskSteps.approvalDecided(task(i), decision));
        remember(e.commandId());
      }
      case Event.TaskPassed e -> {
        int i = plan.indexOf(e.task());
        end(i, TaskSteps.passed(task(i), e.output()));
      }
      case Event.StateGrewLarge e -> large = true;
      case Event.SlotAwaited e -> {
        expect(ExecutionStatus.RUNNING);
        slot = new Slot(e.key(), e.limit(), e.onLimit(), at, false);
      }
      case Event.SlotGranted e -> {
        expect(ExecutionStatus.RUNNING);
        if (slot == null || slot.held()) {
          throw new IllegalStateException("it waits for no slot");
        }
        slot = slot.given();
        deadline = e.deadline();
      }
      case Event.HookBegan e -> hookBegan(e);
      case Event.CompensationBegan e -> {
        expect(ExecutionStatus.RUNNING);
        closing = Closing.failed(e.error());
        deadline = e.deadline();
        grow(new Growth.Compensations(e.tasks()));
      }
      case Event.TeardownBegan e -> {
        expectOpen();
        closing = new Closing(e.outcome(), e.output(), e.error());
        deadline = e.until();
      }
      case Event.ChildStarted e -> childStarted(e, at);
      case Event.ChildPaused e -> {
        int i = plan.indexOf(e.task());
        put(i, TaskSteps.childIs(task(i), true, runningOn(i).deadline()));
      }
    }
  }

  private void readied(Event.TaskReadied e, Instant at) {
    int i = plan.indexOf(e.task());
    TaskState before = task(i);
    put(i, TaskSteps.readied(before, hold(i, before, e.input()), at));
    if (plan.tasks().get(i).origin() instanceof Item item) {
      count(item, fanOut(item.of()).begun(item.number()));
    }
  }

  private void approvalRequested(Event.ApprovalRequested e, Instant at) {
    int i = plan.indexOf(e.task());
    TaskState before = task(i);
    var gate = new Gate.AwaitingApproval(at, e.until());
    put(i, TaskSteps.approvalRequested(before, hold(i, before, e.input()), gate));
  }

  private void signalTaken(Event.SignalTaken e) {
    Signals.Signal signal = signals.find(e.id());
    if (signal == null) {
      throw new IllegalStateException("there is no signal " + e.id());
    }
    payloadBytes -= Sizes.of(signal.payload());
    signals = signals.taken(signal);
  }

  /** What the task holds as its input from now on, by an event's; counts its size. */
  private @Nullable Object hold(int index, TaskState before, @Nullable Object input) {
    if (plan.tasks().get(index).input() == null) {
      return header.input();
    }
    payloadBytes += Sizes.of(input) - Sizes.of(before.input());
    return input;
  }

  /** Time stood still for what waits at a gate. */
  private void moveGates(Duration pause) {
    for (int i = 0; i < tasks.size(); i++) {
      Gate gate = task(i).gate();
      if (gate != null && !task(i).status().isEnded() && gate.due() != null) {
        put(i, TaskSteps.later(task(i), gate, pause));
      }
    }
  }

  /** Time stood still for children too. */
  private void goOnWithChildren(Duration pause) {
    for (int i = 0; i < tasks.size(); i++) {
      Attempt running = task(i).runningAttempt();
      if (running != null && running.child() != null) {
        put(i, TaskSteps.childIs(task(i), false, running.deadline().plus(pause)));
      }
    }
  }

  private Attempt runningOn(int task) {
    Attempt running = task(task).runningAttempt();
    if (running == null) {
      throw new IllegalStateException(plan.tasks().get(task).id() + " is not running");
    }
    return running;
  }

  private void childStarted(Event.ChildStarted e, Instant at) {
    int i = plan.indexOf(e.task());
    var attempt =
        new Attempt(
            e.attempt(),
            e.nonce(),
            e.version() == 0 ? e.definition() : e.definition() + " v" + e.version(),
            at,
            e.deadline(),
            null,
            null,
            null,
            new ChildRun(e.child(), e.version(), false));
    put(i, TaskSteps.started(task(i), attempt));
    runningTasks++;
  }

  private void started(Event.TaskStarted e, Instant at) {
    int i = plan.indexOf(e.task());
    var attempt =
        new Attempt(e.attempt(), e.nonce(), e.worker(), at, e.deadline(), null, null, null);
    put(i, TaskSteps.started(task(i), attempt));
    runningTasks++;
  }

  private void completed(Event.TaskCompleted e, Instant at) {
    int i = plan.indexOf(e.task());
    end(i, TaskSteps.completed(task(i), e.attempt(), e.output(), at));
    runningTasks--;
  }

  private void attemptFailed(Event.AttemptFailed e, Instant at) {
    int i = plan.indexOf(e.task());
    put(i, TaskSteps.attemptFailed(task(i), e.attempt(), e.outcome(), e.error(), at));
    runningTasks--;
  }

  private void expanded(Event.TaskExpanded e, Instant at) {
    int i = plan.indexOf(e.task());
    put(i, TaskSteps.expanded(task(i), e.items(), at));
    payloadBytes += Sizes.of(e.items());
    if (!e.items().isEmpty()) {
      grow(new Growth.Items(e.task(), e.items().size()));
    }
  }

  private void gathered(Event.TaskGathered e) {
    int i = plan.indexOf(e.task());
    end(i, TaskSteps.gathered(task(i), outputs(i)));
  }

  /** The outputs of a task's items in the list's order; null for those that failed. */
  List<@Nullable Object> outputs(int task) {
    return plan.outputs(task, fanOut(task).count(), tasks);
  }

  private void hookBegan(Event.HookBegan e) {
    Hook hook =
        Arrays.stream(Hook.values())
            .filter(each -> each.id().equals(e.task()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("there is no hook " + e.task()));
    int i = plan.find(e.task());
    if (i < 0) {
      grow(new Growth.Hooked(hook));
    } else {
      payloadBytes -= bytes(i, task(i));
      put(i, TaskSteps.reset(task(i)));
      openTasks++;
    }
    if (hook == Hook.ON_PAUSE) {
      if (pause == null) {
        throw new IllegalStateException("it is not paused");
      }
      pause = pause.parking();
    }
  }

  private void grow(Growth more) {
    plan(plan.grown(more));
    TaskState[] longer = Arrays.copyOf(TaskList.copyOf(tasks), plan.tasks().size());
    Arrays.fill(longer, tasks.size(), longer.length, TaskState.PENDING);
    openTasks += longer.length - tasks.size();
    own(longer);
  }

  private void plan(Plan changed) {
    plan = changed;
    header = header.withPlan(changed);
  }

  /** How far a task is with its items, of which it has some. */
  private FanOut fanOut(int task) {
    FanOut fanOut = task(task).fanOut();
    if (fanOut == null) {
      throw new IllegalStateException(plan.tasks().get(task).id() + " has no items");
    }
    return fanOut;
  }

  private void count(Item item, FanOut counted) {
    put(item.of(), TaskSteps.counted(task(item.of()), counted));
  }

  private void failed(Event.TaskFailed e) {
    int i = plan.indexOf(e.task());
    end(i, TaskSteps.failed(task(i), e.error()));
    if (error == null && closing == null && plan.tasks().get(i).onFailure().isFatal()) {
      error = e.error();
    }
  }

  private void variablesSet(Event.VariablesSet e) {
    var changed = new LinkedHashMap<>(variables);
    changed.putAll(e.values());
    payloadBytes += Sizes.of(changed) - Sizes.of(variables);
    variables = Collections.unmodifiableMap(changed);
  }

  private void pauseRequested(Event.PauseRequested e, Instant at) {
    if (status != ExecutionStatus.RUNNING && status != ExecutionStatus.PAUSING) {
      throw new IllegalStateException("it is " + status);
    }
    Instant since = pause == null ? at : pause.at();
    status = ExecutionStatus.PAUSING;
    boolean parked = pause != null && pause.parked();
    pause =
        new Pause(
            e.mode(),
            e.by(),
            e.reason(),
            since,
            e.remaining(),
            e.autoResumeAt(),
            seq + 1,
            Following.wishedBy(e.commandId(), pause),
            parked);
    remember(e.commandId());
  }

  private void retried(Event.ExecutionRetried e) {
    expect(ExecutionStatus.FAILED);
    Set<String> again = Set.copyOf(e.tasks());
    Set<String> reopened = Regrowth.reopened(plan, again, this::task);
    for (String task : e.tasks()) {
      int i = plan.indexOf(task);
      if (!reopened.contains(task)) {
        payloadBytes -= bytes(i, task(i));
        put(i, TaskSteps.reset(task(i)));
      }
      openTasks++;
    }
    for (String task : reopened) {
      int i = plan.indexOf(task);
      put(i, TaskSteps.reopened(task(i), openItems(i)));
    }
    shrink(Regrowth.kept(plan, again, reopened));
    undoable = undoable.stream().filter(id -> !again.contains(id) && plan.has(id)).toList();
    status = ExecutionStatus.RUNNING;
    error = null;
    endedAt = null;
    deadline = e.deadline();
    remember(e.commandId());
  }

  /** How far a task is whose items have begun anew, some of them. */
  private FanOut openItems(int task) {
    int count = fanOut(task).count();
    int open = 0;
    for (int number = 0; number < count; number++) {
      open += is(plan.firstItem(task) + number, TaskStatus.PENDING) ? 1 : 0;
    }
    return new FanOut(count, 0, open, 0, 0);
  }

  /** Forgets the tasks that are not in the plan when this alone is left of what was added. */
  private void shrink(List<Growth> kept) {
    if (kept.size() == plan.growth().size()) {
      return;
    }
    Plan before = plan;
    Plan after = plan.regrown(kept);
    payloadBytes += after.spawnedBytes() - before.spawnedBytes();
    var left = new TaskState[after.tasks().size()];
    for (PlannedTask planned : before.tasks()) {
      int to = after.find(planned.id());
      if (to >= 0) {
        left[to] = task(planned.index());
      } else {
        payloadBytes -= bytes(planned.index(), task(planned.index()));
      }
    }
    plan(after);
    own(left);
  }

  /** Why it ends if its time is up. */
  TaskError timeoutError() {
    Duration timeout = header.timeout();
    return new TaskError(ErrorTypes.WORKFLOW_TIMEOUT, "the execution ran longer than " + timeout);
  }

  private void endExecution(ExecutionStatus how, Instant at) {
    if (openTasks > 0) {
      throw new IllegalStateException(openTasks + " tasks have not ended");
    }
    status = how;
    endedAt = at;
    closing = null;
  }

  private void end(int index, TaskState ended) {
    TaskState before = task(index);
    PlannedTask planned = plan.tasks().get(index);
    payloadBytes += bytes(index, ended) - Sizes.ofInput(planned, before);
    put(index, ended);
    openTasks--;
    if (ended.status() == TaskStatus.COMPLETED && plan.compensation(planned) != null) {
      undoable = Newest.appended(undoable, planned.id(), Integer.MAX_VALUE);
    }
    if (planned.origin() instanceof Item item) {
      boolean wasUnderWay = before.status() != TaskStatus.PENDING;
      boolean hasFailed = ended.status() == TaskStatus.FAILED;
      count(item, fanOut(item.of()).ended(item.number(), wasUnderWay, hasFailed));
    }
  }

  /** What the task counts for. */
  private long bytes(int index, TaskState task) {
    PlannedTask planned = plan.tasks().get(index);
    return Sizes.ofOutput(planned, task) + Sizes.ofInput(planned, task);
  }

  private void put(int index, TaskState task) {
    TaskState[] own = ownTasks;
    if (own == null) {
      own = TaskList.copyOf(tasks);
      own(own);
    }
    own[index] = task;
  }

  private void own(TaskState[] own) {
    ownTasks = own;
    tasks = new TaskList(own);
  }

  private void remember(@Nullable String commandId) {
    if (commandId != null) {
      recentCommands = Newest.appended(recentCommands, commandId, Limits.RECENT_COMMANDS_MAX);
    }
  }

  private void expect(ExecutionStatus expected) {
    if (status != expected) {
      throw new IllegalStateException("it is " + status + ", not " + expected);
    }
  }

  private void expectOpen() {
    if (status.isEnded()) {
      throw new IllegalStateException("it is " + status);
    }
  }

  /** Whether the task's status is this one. */
  boolean is(int index, TaskStatus taskStatus) {
    return task(index).status() == taskStatus;
  }
}
