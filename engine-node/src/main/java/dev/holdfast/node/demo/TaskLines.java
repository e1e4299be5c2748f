package dev.holdfast.node.demo;

import dev.holdfast.core.Event;
import java.util.Optional;

/** What the demo says of events: a line for those that move a task. */
final class TaskLines {
  private TaskLines() {}

  static Optional<String> of(Event event) {
    return switch (event) {
      case Event.TaskStarted e ->
          line(e.task(), e.attempt() == 1 ? "started by " + e.worker() : "attempt " + e.attempt());
      case Event.ChildStarted e -> line(e.task(), "goes to execution " + e.child());
      case Event.ChildPaused e -> Optional.empty();
      case Event.OfSchedule e -> Optional.empty();
      case Event.TaskCompleted e -> line(e.task(), "completed");
      case Event.AttemptFailed e ->
          line(e.task(), "attempt %d failed: %s".formatted(e.attempt(), e.error().message()));
      case Event.TaskRetryScheduled e -> line(e.task(), "will be tried again");
      case Event.TaskRequeued e -> line(e.task(), "waits for an agent again");
      case Event.TaskFailed e -> line(e.task(), "failed: " + e.error().message());
      case Event.TaskSkipped e -> line(e.task(), "skipped: " + e.reason());
      case Event.TaskCancelled e -> line(e.task(), "cancelled");
      case Event.DecisionTaken e ->
          line(e.task(), "chose " + String.join(", ", e.then()) + " on " + e.values());
      case Event.TaskDelayed e -> line(e.task(), "waits until " + e.until());
      case Event.SignalAwaited e -> line(e.task(), "waits for signal " + e.signal());
      case Event.SignalTaken e -> line(e.task(), "took signal " + e.signal());
      case Event.SignalReceived e -> Optional.empty();
      case Event.ApprovalRequested e -> line(e.task(), "waits for approval");
      case Event.ApprovalDecided e ->
          line(e.task(), (e.approved() ? "approved by " : "rejected by ") + e.by());
      case Event.TaskPassed e -> line(e.task(), "completed");
      case Event.ExecutionStarted e -> Optional.empty();
      case Event.TaskReadied e -> Optional.empty();
      case Event.VariablesSet e -> Optional.empty();
      case Event.TaskExpanded e -> line(e.task(), "has %d items".formatted(e.items().size()));
      case Event.TaskGathered e -> line(e.task(), "completed");
      case Event.TasksSpawned e -> line(e.task(), "adds %d tasks".formatted(e.tasks().size()));
      case Event.PauseRequested e -> Optional.empty();
      case Event.ExecutionPaused e -> Optional.empty();
      case Event.ExecutionResumed e -> Optional.empty();
      case Event.CancelRequested e -> Optional.empty();
      case Event.HookBegan e -> Optional.empty();
      case Event.CompensationBegan e -> Optional.empty();
      case Event.TeardownBegan e -> Optional.empty();
      case Event.ExecutionCancelled e -> Optional.empty();
      case Event.ExecutionCompleted e -> Optional.empty();
      case Event.ExecutionFailed e -> Optional.empty();
      case Event.ExecutionTimedOut e -> Optional.empty();
      case Event.ExecutionRetried e -> Optional.empty();
      case Event.SlotAwaited e -> Optional.empty();
      case Event.SlotGranted e -> Optional.empty();
      case Event.StateGrewLarge e -> Optional.empty();
    };
  }

  /** Whether the event ends its task. */
  static boolean endsTask(Event event) {
    return event instanceof Event.TaskCompleted
        || event instanceof Event.TaskGathered
        || event instanceof Event.TaskPassed
        || event instanceof Event.TaskFailed
        || event instanceof Event.TaskSkipped
        || event instanceof Event.TaskCancelled;
  }

  private static Optional<String> line(String task, String what) {
    return Optional.of("%-10s %s".formatted(task, what));
  }
}
