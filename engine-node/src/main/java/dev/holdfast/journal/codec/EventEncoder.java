package dev.holdfast.journal.codec;

import dev.holdfast.core.Event;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.ScheduleEvent;
import java.time.Instant;

/**
 * Writes one event as a CBOR array: format, type, seq, at, epoch, then the event's fields in the
 * order of its record. Types are frozen: a changed event gets a new number.
 */
final class EventEncoder {
  static final int FORMAT = 1;

  static final int EXECUTION_STARTED = 1;
  static final int TASK_READIED = 2;
  static final int TASK_STARTED = 3;
  static final int TASK_COMPLETED = 4;
  static final int VARIABLES_SET = 5;
  static final int ATTEMPT_FAILED = 6;
  static final int TASK_RETRY_SCHEDULED = 7;
  static final int TASK_REQUEUED = 8;
  static final int TASK_FAILED = 9;
  static final int TASK_SKIPPED = 10;
  static final int TASK_CANCELLED = 11;
  static final int DECISION_TAKEN = 12;
  static final int PAUSE_REQUESTED = 13;
  static final int EXECUTION_PAUSED = 14;
  static final int EXECUTION_RESUMED = 15;
  static final int CANCEL_REQUESTED = 16;
  static final int EXECUTION_CANCELLED = 17;
  static final int EXECUTION_COMPLETED = 18;
  static final int EXECUTION_FAILED = 19;
  static final int EXECUTION_TIMED_OUT = 20;
  static final int EXECUTION_RETRIED = 21;
  static final int APPROVAL_REQUESTED = 22;
  static final int APPROVAL_DECIDED = 23;
  static final int TASK_PASSED = 24;
  static final int TASK_DELAYED = 25;
  static final int SIGNAL_AWAITED = 26;
  static final int SIGNAL_RECEIVED = 27;
  static final int SIGNAL_TAKEN = 28;

  // From 40 on: tasks that come into being at run time.
  static final int TASK_EXPANDED = 40;
  static final int TASK_GATHERED = 41;
  static final int TASKS_SPAWNED = 42;

  // From 50 on: executions that carry out tasks of others.
  static final int CHILD_EXECUTION_STARTED = 50;
  static final int CHILD_STARTED = 51;
  static final int CHILD_PAUSED = 52;

  // From 85 on: concurrency keys.
  static final int SLOT_AWAITED = 85;
  static final int SLOT_GRANTED = 86;
  // From 80 on: schedules.
  static final int SCHEDULE_SET = 80;
  static final int SCHEDULE_SWITCHED = 81;
  static final int TIMES_CAME = 82;
  static final int FIRING_BEGAN = 83;
  static final int FIRING_ENDED = 84;

  // From 90 on: sizes and large data.
  static final int STATE_GREW_LARGE = 90;
  // From 60 on: tasks beside the graph.
  static final int TEARDOWN_BEGAN = 60;
  static final int HOOK_BEGAN = 61;

  // From 70 on: undoing.
  static final int COMPENSATION_BEGAN = 70;

  private static final int ENVELOPE_FIELDS = 5;

  private final CborWriter out;
  private final long seq;
  private final Instant at;
  private final long epoch;

  private EventEncoder(CborWriter out, long seq, Instant at, long epoch) {
    this.out = out;
    this.seq = seq;
    this.at = at;
    this.epoch = epoch;
  }

  static void write(CborWriter out, long seq, Instant at, long epoch, Event event) {
    new EventEncoder(out, seq, at, epoch).write(event);
    out.end();
  }

  private void begin(int type, int fields) {
    out.array(ENVELOPE_FIELDS + fields);
    out.number(FORMAT);
    out.number(type);
    out.number(seq);
    out.instant(at);
    out.number(epoch);
  }

  private void write(Event event) {
    switch (event) {
      case Event.ExecutionStarted e -> executionStarted(e);
      case Event.TaskReadied e -> {
        begin(TASK_READIED, 2);
        out.text(e.task());
        out.value(e.input());
      }
      case Event.TaskStarted e -> {
        begin(TASK_STARTED, 5);
        out.text(e.task());
        out.number(e.attempt());
        out.number(e.nonce());
        out.text(e.worker());
        out.instant(e.deadline());
      }
      case Event.TaskCompleted e -> {
        begin(TASK_COMPLETED, 3);
        out.text(e.task());
        out.number(e.attempt());
        out.value(e.output());
      }
      case Event.VariablesSet e -> {
        begin(VARIABLES_SET, 2);
        out.text(e.task());
        out.value(e.values());
      }
      case Event.AttemptFailed e -> {
        begin(ATTEMPT_FAILED, 4);
        out.text(e.task());
        out.number(e.attempt());
        out.number(Codes.ATTEMPT_OUTCOME.code(e.outcome()));
        out.error(e.error());
      }
      case Event.TaskRetryScheduled e -> {
        begin(TASK_RETRY_SCHEDULED, 2);
        out.text(e.task());
        out.instant(e.retryAt());
      }
      case Event.TaskRequeued e -> task(TASK_REQUEUED, e.task());
      case Event.TaskFailed e -> {
        begin(TASK_FAILED, 2);
        out.text(e.task());
        out.error(e.error());
      }
      case Event.TaskSkipped e -> {
        begin(TASK_SKIPPED, 2);
        out.text(e.task());
        out.text(e.reason());
      }
      case Event.TaskCancelled e -> task(TASK_CANCELLED, e.task());
      case Event.DecisionTaken e -> {
        begin(DECISION_TAKEN, 5);
        out.text(e.task());
        out.number(e.chosenCase());
        out.text(e.when());
        out.texts(e.then());
        out.value(e.values());
      }
      case Event.TaskExpanded e -> {
        begin(TASK_EXPANDED, 2);
        out.text(e.task());
        out.value(e.items());
      }
      case Event.TaskGathered e -> task(TASK_GATHERED, e.task());
      case Event.TasksSpawned e -> {
        begin(TASKS_SPAWNED, 2);
        out.text(e.task());
        GrowthCodec.spawned(out, e.tasks());
      }
      case Event.PauseRequested e -> pauseRequested(e);
      case Event.ExecutionPaused e -> begin(EXECUTION_PAUSED, 0);
      case Event.ExecutionResumed e -> {
        begin(EXECUTION_RESUMED, 5);
        out.text(e.commandId());
        out.text(e.by());
        out.text(e.reason());
        out.truth(e.force());
        out.instant(e.deadline());
      }
      case Event.CancelRequested e -> {
        begin(CANCEL_REQUESTED, 3);
        out.text(e.commandId());
        out.text(e.by());
        out.text(e.reason());
      }
      case Event.ExecutionCancelled e -> begin(EXECUTION_CANCELLED, 0);
      case Event.ExecutionCompleted e -> {
        begin(EXECUTION_COMPLETED, 1);
        out.value(e.output());
      }
      case Event.ExecutionFailed e -> {
        begin(EXECUTION_FAILED, 1);
        out.error(e.error());
      }
      case Event.ExecutionTimedOut e -> begin(EXECUTION_TIMED_OUT, 0);
      case Event.ExecutionRetried e -> {
        begin(EXECUTION_RETRIED, 4);
        out.text(e.commandId());
        out.text(e.by());
        out.texts(e.tasks());
        out.instant(e.deadline());
      }
      case Event.TaskDelayed e -> {
        begin(TASK_DELAYED, 2);
        out.text(e.task());
        out.instant(e.until());
      }
      case Event.SignalAwaited e -> {
        begin(SIGNAL_AWAITED, 3);
        out.text(e.task());
        out.text(e.signal());
        out.instant(e.until());
      }
      case Event.SignalReceived e -> {
        begin(SIGNAL_RECEIVED, 4);
        out.text(e.id());
        out.text(e.signal());
        out.value(e.payload());
        out.text(e.by());
      }
      case Event.SignalTaken e -> {
        begin(SIGNAL_TAKEN, 3);
        out.text(e.task());
        out.text(e.signal());
        out.text(e.id());
      }
      case Event.ApprovalRequested e -> {
        begin(APPROVAL_REQUESTED, 3);
        out.text(e.task());
        out.value(e.input());
        out.instant(e.until());
      }
      case Event.ApprovalDecided e -> {
        begin(APPROVAL_DECIDED, 6);
        out.text(e.commandId());
        out.text(e.task());
        out.truth(e.approved());
        out.text(e.by());
        out.text(e.reason());
        out.value(e.output());
      }
      case Event.TaskPassed e -> {
        begin(TASK_PASSED, 2);
        out.text(e.task());
        out.value(e.output());
      }
      case Event.StateGrewLarge e -> {
        begin(STATE_GREW_LARGE, 2);
        out.number(e.bytes());
        out.number(e.bytesMax());
      }
      case Event.HookBegan e -> task(HOOK_BEGAN, e.task());
      case Event.CompensationBegan e -> {
        begin(COMPENSATION_BEGAN, 3);
        out.texts(e.tasks());
        out.error(e.error());
        out.instant(e.deadline());
      }
      case Event.TeardownBegan e -> {
        begin(TEARDOWN_BEGAN, 4);
        out.number(Codes.EXECUTION_STATUS.code(e.outcome()));
        out.value(e.output());
        out.error(e.error());
        out.instant(e.until());
      }
      case Event.ChildStarted e -> {
        begin(CHILD_STARTED, 7);
        out.text(e.task());
        out.number(e.attempt());
        out.number(e.nonce());
        out.text(e.child());
        out.text(e.definition());
        out.number(e.version());
        out.instant(e.deadline());
      }
      case Event.SlotAwaited e -> {
        begin(SLOT_AWAITED, 3);
        out.text(e.key());
        out.number(e.limit());
        out.number(Codes.ON_LIMIT.code(e.onLimit()));
      }
      case Event.SlotGranted e -> {
        begin(SLOT_GRANTED, 1);
        out.instant(e.deadline());
      }
      case Event.ChildPaused e -> {
        begin(CHILD_PAUSED, 2);
        out.text(e.task());
        out.number(e.attempt());
      }
      case ScheduleEvent e -> {
        begin(ScheduleCodec.type(e), ScheduleCodec.fields(e));
        ScheduleCodec.write(out, e);
      }
    }
  }

  private void task(int type, String task) {
    begin(type, 1);
    out.text(task);
  }

  private void executionStarted(Event.ExecutionStarted e) {
    ParentLink parent = e.parent();
    if (parent == null) {
      begin(EXECUTION_STARTED, 10);
    } else {
      begin(CHILD_EXECUTION_STARTED, 11);
      ChildCodec.write(out, parent);
    }
    out.text(e.definition());
    out.number(e.version());
    out.value(e.input());
    out.value(e.variables());
    out.labels(e.attributes());
    out.text(e.session());
    out.number(e.priority());
    out.instant(e.deadline());
    out.text(e.requestDigest());
    out.text(e.by());
  }

  private void pauseRequested(Event.PauseRequested e) {
    begin(PAUSE_REQUESTED, 6);
    out.text(e.commandId());
    out.number(Codes.PAUSE_MODE.code(e.mode()));
    out.text(e.by());
    out.text(e.reason());
    out.duration(e.remaining());
    out.instant(e.autoResumeAt());
  }
}
