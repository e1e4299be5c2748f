package dev.holdfast.journal.codec;

import dev.holdfast.core.Event;
import dev.holdfast.core.ParentLink;
import org.jspecify.annotations.Nullable;

/** Reads what {@link EventEncoder} wrote. */
final class EventDecoder {
  private EventDecoder() {}

  /** The event's own fields; its envelope has been read up to them. */
  static Event read(CborReader in, int type) {
    return switch (type) {
      case EventEncoder.EXECUTION_STARTED -> started(in, null);
      case EventEncoder.CHILD_EXECUTION_STARTED -> {
        in.beginArray();
        yield started(in, ChildCodec.parent(in));
      }
      case EventEncoder.CHILD_STARTED ->
          new Event.ChildStarted(
              in.text(),
              in.integer(),
              in.number(),
              in.text(),
              in.text(),
              in.integer(),
              in.instant());
      case EventEncoder.CHILD_PAUSED -> new Event.ChildPaused(in.text(), in.integer());
      case EventEncoder.SLOT_AWAITED ->
          new Event.SlotAwaited(in.text(), in.integer(), Codes.ON_LIMIT.constant(in.number()));
      case EventEncoder.SLOT_GRANTED -> new Event.SlotGranted(in.instant());
      case EventEncoder.TASK_READIED -> new Event.TaskReadied(in.text(), in.value());
      case EventEncoder.TASK_STARTED ->
          new Event.TaskStarted(in.text(), in.integer(), in.number(), in.text(), in.instant());
      case EventEncoder.TASK_COMPLETED ->
          new Event.TaskCompleted(in.text(), in.integer(), in.value());
      case EventEncoder.VARIABLES_SET -> new Event.VariablesSet(in.text(), in.values());
      case EventEncoder.ATTEMPT_FAILED ->
          new Event.AttemptFailed(
              in.text(), in.integer(), Codes.ATTEMPT_OUTCOME.constant(in.number()), in.error());
      case EventEncoder.TASK_RETRY_SCHEDULED ->
          new Event.TaskRetryScheduled(in.text(), in.instant());
      case EventEncoder.TASK_REQUEUED -> new Event.TaskRequeued(in.text());
      case EventEncoder.TASK_FAILED -> new Event.TaskFailed(in.text(), in.error());
      case EventEncoder.TASK_SKIPPED -> new Event.TaskSkipped(in.text(), in.text());
      case EventEncoder.TASK_CANCELLED -> new Event.TaskCancelled(in.text());
      case EventEncoder.DECISION_TAKEN ->
          new Event.DecisionTaken(
              in.text(), in.integer(), in.textOrNull(), in.texts(), in.values());
      case EventEncoder.PAUSE_REQUESTED ->
          new Event.PauseRequested(
              in.text(),
              Codes.PAUSE_MODE.constant(in.number()),
              in.text(),
              in.textOrNull(),
              in.duration(),
              in.instant());
      case EventEncoder.EXECUTION_PAUSED -> new Event.ExecutionPaused();
      case EventEncoder.EXECUTION_RESUMED ->
          new Event.ExecutionResumed(
              in.textOrNull(), in.text(), in.textOrNull(), in.truth(), in.instant());
      case EventEncoder.CANCEL_REQUESTED ->
          new Event.CancelRequested(in.text(), in.text(), in.textOrNull());
      case EventEncoder.EXECUTION_CANCELLED -> new Event.ExecutionCancelled();
      case EventEncoder.EXECUTION_COMPLETED -> new Event.ExecutionCompleted(in.value());
      case EventEncoder.EXECUTION_FAILED -> new Event.ExecutionFailed(in.error());
      case EventEncoder.EXECUTION_TIMED_OUT -> new Event.ExecutionTimedOut();
      case EventEncoder.EXECUTION_RETRIED ->
          new Event.ExecutionRetried(in.text(), in.text(), in.texts(), in.instant());
      case EventEncoder.TASK_EXPANDED -> new Event.TaskExpanded(in.text(), in.list());
      case EventEncoder.TASK_GATHERED -> new Event.TaskGathered(in.text());
      case EventEncoder.TASKS_SPAWNED -> new Event.TasksSpawned(in.text(), GrowthCodec.spawned(in));
      case EventEncoder.TASK_DELAYED -> new Event.TaskDelayed(in.text(), in.instant());
      case EventEncoder.SIGNAL_AWAITED ->
          new Event.SignalAwaited(in.text(), in.text(), in.instantOrNull());
      case EventEncoder.SIGNAL_RECEIVED ->
          new Event.SignalReceived(in.text(), in.text(), in.value(), in.text());
      case EventEncoder.SIGNAL_TAKEN -> new Event.SignalTaken(in.text(), in.text(), in.text());
      case EventEncoder.APPROVAL_REQUESTED ->
          new Event.ApprovalRequested(in.text(), in.value(), in.instantOrNull());
      case EventEncoder.APPROVAL_DECIDED ->
          new Event.ApprovalDecided(
              in.text(), in.text(), in.truth(), in.text(), in.textOrNull(), in.value());
      case EventEncoder.TASK_PASSED -> new Event.TaskPassed(in.text(), in.value());
      case EventEncoder.STATE_GREW_LARGE -> new Event.StateGrewLarge(in.number(), in.number());
      case EventEncoder.HOOK_BEGAN -> new Event.HookBegan(in.text());
      case EventEncoder.COMPENSATION_BEGAN ->
          new Event.CompensationBegan(in.texts(), in.error(), in.instant());
      case EventEncoder.TEARDOWN_BEGAN ->
          new Event.TeardownBegan(
              Codes.EXECUTION_STATUS.constant(in.number()),
              in.value(),
              in.errorOrNull(),
              in.instant());
      default -> {
        Event event = ScheduleCodec.read(in, type);
        if (event == null) {
          throw new CodecException("unknown type of event: " + type);
        }
        yield event;
      }
    };
  }

  private static Event started(CborReader in, @Nullable ParentLink parent) {
    return new Event.ExecutionStarted(
        in.text(),
        in.integer(),
        in.value(),
        in.values(),
        in.labels(),
        in.textOrNull(),
        in.integer(),
        in.instant(),
        in.text(),
        in.text(),
        parent);
  }
}
