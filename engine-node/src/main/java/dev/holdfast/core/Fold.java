package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.PlannedTask.Hook;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A state that events are being folded into: the execution itself; its tasks are the superclass's.
 * Of use to one thread, within one call.
 */
final class Fold extends TaskFold {
  private ExecutionStatus status;
  private long seq;
  private Instant updatedAt;
  private @Nullable Instant endedAt;
  private Instant deadline;
  private Map<String, @Nullable Object> variables;
  private @Nullable Object output;
  private @Nullable TaskError error;
  private @Nullable Pause pause;
  private List<String> recentCommands;
  private Signals signals;
  private boolean large;
  private @Nullable Closing closing;
  private @Nullable Slot slot;
  private @Nullable Schedule schedule;
  private @Nullable ExecutionState view;

  /** Goes on from a state. */
  Fold(ExecutionState from) {
    super(from);
    status = from.status();
    seq = from.seq();
    updatedAt = from.updatedAt();
    endedAt = from.endedAt();
    deadline = from.deadline();
    variables = from.variables();
    output = from.output();
    error = from.error();
    pause = from.pause();
    recentCommands = from.recentCommands();
    signals = from.signals();
    large = from.large();
    closing = from.closing();
    slot = from.slot();
    schedule = from.schedule();
    view = from;
  }

  /** Begins with an execution's first event. */
  Fold(ExecutionHeader header, Event.ExecutionStarted event, Instant at) {
    super(header);
    status = ExecutionStatus.RUNNING;
    seq = 1;
    updatedAt = at;
    deadline = event.deadline();
    variables = event.variables();
    recentCommands = List.of();
    signals = Signals.NONE;
    weigh(Sizes.of(event.input()) + Sizes.of(event.variables()));
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
              header(),
              status,
              seq,
              updatedAt,
              endedAt,
              deadline,
              variables,
              tasks(),
              openTasks(),
              runningTasks(),
              output,
              error,
              pause,
              recentCommands,
              payloadBytes(),
              signals,
              large,
              closing,
              undoable(),
              slot,
              schedule);
      view = known;
    }
    return known;
  }

  /** The state, for keeping. */
  ExecutionState finish() {
    ExecutionState state = view();
    giveAway();
    return state;
  }

  ExecutionStatus status() {
    return status;
  }

  Instant deadline() {
    return deadline;
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

  @Nullable Slot slot() {
    return slot;
  }

  /** See {@link ExecutionState#waitsForSlot}. */
  boolean waitsForSlot() {
    return slot != null && !slot.held() && !status.isEnded();
  }

  @Nullable Schedule schedule() {
    return schedule;
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
              .formatted(header().key(), seq + 1, event.getClass().getSimpleName(), e.getMessage()),
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
      case Event.TaskRetryScheduled e -> retryScheduled(e);
      case Event.TaskRequeued e -> requeued(e, at);
      case Event.TaskFailed e -> taskFailed(e);
      case Event.TaskSkipped e -> skipped(e);
      case Event.TaskCancelled e -> cancelled(e);
      case Event.DecisionTaken e -> {
        int i = plan().indexOf(e.task());
        end(i, TaskSteps.decided(task(i), Choices.output(e.chosenCase(), e.then())));
      }
      case Event.TaskExpanded e -> expanded(e, at);
      case Event.TaskGathered e -> gathered(e);
      case Event.TasksSpawned e -> {
        grow(new Growth.Spawned(e.task(), e.tasks()));
        weigh(Sizes.ofSpawned(e.tasks()));
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
        goOn(Duration.between(pause.at(), at));
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
        error = header().timeoutError();
        endExecution(ExecutionStatus.TIMED_OUT, at);
      }
      case Event.ExecutionRetried e -> {
        expect(ExecutionStatus.FAILED);
        beginAnew(e.tasks());
        status = ExecutionStatus.RUNNING;
        error = null;
        endedAt = null;
        deadline = e.deadline();
        remember(e.commandId());
      }
      case Event.TaskDelayed e -> {
        int i = plan().indexOf(e.task());
        put(i, TaskSteps.heldUp(task(i), new Gate.Delayed(e.until())));
      }
      case Event.SignalAwaited e -> {
        int i = plan().indexOf(e.task());
        put(i, TaskSteps.heldUp(task(i), new Gate.AwaitingSignal(at, e.until())));
      }
      case Event.SignalReceived e -> {
        expectOpen();
        weigh(Sizes.of(e.payload()));
        signals = signals.received(new Signals.Signal(e.id(), e.signal(), e.payload(), e.by(), at));
      }
      case Event.SignalTaken e -> signalTaken(e);
      case Event.ApprovalRequested e -> approvalRequested(e, at);
      case Event.ApprovalDecided e -> {
        int i = plan().indexOf(e.task());
        var decision = new Gate.Decided(e.approved(), e.by(), e.reason(), at);
        put(i, TaskSteps.approvalDecided(task(i), decision));
        remember(e.commandId());
      }
      case Event.TaskPassed e -> {
        int i = plan().indexOf(e.task());
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
        int i = plan().indexOf(e.task());
        put(i, TaskSteps.childIs(task(i), true, runningOn(i).deadline()));
      }
      case ScheduleEvent e -> scheduled(e, at);
    }
  }

  private void scheduled(ScheduleEvent event, Instant at) {
    if (!header().key().isInternal()) {
      throw new IllegalStateException("it is no schedule");
    }
    Schedule next = ScheduleSteps.after(schedule, event, at);
    weigh(Sizes.of(next.spec().input()) - payloadBytes());
    schedule = next;
    boolean isDeleted = next.status() == ScheduleStatus.DELETED;
    status = isDeleted ? ExecutionStatus.CANCELLED : ExecutionStatus.RUNNING;
    endedAt = isDeleted ? endedAt == null ? at : endedAt : null;
    if (event instanceof ScheduleEvent.ScheduleSwitched switched) {
      remember(switched.commandId());
    }
  }

  private void signalTaken(Event.SignalTaken e) {
    Signals.Signal signal = signals.find(e.id());
    if (signal == null) {
      throw new IllegalStateException("there is no signal " + e.id());
    }
    weigh(-Sizes.of(signal.payload()));
    signals = signals.taken(signal);
  }

  private void taskFailed(Event.TaskFailed e) {
    int i = plan().indexOf(e.task());
    end(i, TaskSteps.failed(task(i), e.error()));
    if (error == null && closing == null && plan().tasks().get(i).onFailure().isFatal()) {
      error = e.error();
    }
  }

  private void hookBegan(Event.HookBegan e) {
    Hook hook = Hook.of(e.task());
    begin(hook);
    if (hook == Hook.ON_PAUSE) {
      if (pause == null) {
        throw new IllegalStateException("it is not paused");
      }
      pause = pause.parking();
    }
  }

  private void variablesSet(Event.VariablesSet e) {
    var changed = new LinkedHashMap<>(variables);
    changed.putAll(e.values());
    weigh(Sizes.of(changed) - Sizes.of(variables));
    variables = Collections.unmodifiableMap(changed);
  }

  private void pauseRequested(Event.PauseRequested e, Instant at) {
    if (status != ExecutionStatus.RUNNING && status != ExecutionStatus.PAUSING) {
      throw new IllegalStateException("it is " + status);
    }
    status = ExecutionStatus.PAUSING;
    pause = Pause.requested(e, pause, at, seq + 1);
    remember(e.commandId());
  }

  private void endExecution(ExecutionStatus how, Instant at) {
    if (openTasks() > 0) {
      throw new IllegalStateException(openTasks() + " tasks have not ended");
    }
    status = how;
    endedAt = at;
    closing = null;
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
}
