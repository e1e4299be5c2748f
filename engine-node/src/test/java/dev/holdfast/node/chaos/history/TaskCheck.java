package dev.holdfast.node.chaos.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The tasks of one history: each completes at most once and never runs again after that, has one
 * attempt running at a time, and starts none while the execution is paused or waits for a slot of
 * its concurrency key.
 */
final class TaskCheck {
  private final String execution;
  private final Consumer<String> wrong;
  private final Set<String> completed = new HashSet<>();
  private final Map<String, Integer> running = new HashMap<>();
  private final Map<String, Integer> newest = new HashMap<>();
  private boolean paused;
  private boolean waiting;

  private TaskCheck(String execution, Consumer<String> wrong) {
    this.execution = execution;
    this.wrong = wrong;
  }

  static void check(String execution, List<Happened> history, Consumer<String> wrong) {
    var check = new TaskCheck(execution, wrong);
    history.forEach(check::next);
  }

  private void next(Happened event) {
    switch (event.type()) {
      case "TaskStarted", "ChildStarted" -> started(event);
      case "TaskCompleted" -> {
        completed(event);
        ended(event);
      }
      case "TaskPassed", "TaskGathered" -> completed(event);
      case "AttemptFailed" -> ended(event);
      case "PauseRequested" -> paused = true;
      case "ExecutionResumed" -> paused = false;
      case "SlotAwaited" -> waiting = true;
      case "SlotGranted" -> waiting = false;
      default -> {}
    }
  }

  private void started(Happened event) {
    String task = event.task();
    if (paused) {
      say(event, "was started while the execution was paused");
    }
    if (waiting) {
      say(event, "was started while the execution waited for a slot of its key");
    }
    if (completed.contains(task)) {
      say(event, "was started after it had completed");
    }
    Integer other = running.put(task, event.attempt());
    if (other != null) {
      say(event, "was started while attempt " + other + " ran");
    }
    Integer before = newest.put(task, event.attempt());
    if (before != null && event.attempt() <= before) {
      say(event, "has an attempt " + event.attempt() + " after attempt " + before);
    }
  }

  private void completed(Happened event) {
    if (!completed.add(event.task())) {
      say(event, "completed twice");
    }
  }

  private void ended(Happened event) {
    Integer attempt = running.remove(event.task());
    if (attempt == null || attempt != event.attempt()) {
      say(event, event.type() + " of attempt " + event.attempt() + " while " + attempt + " ran");
    }
  }

  private void say(Happened event, String what) {
    wrong.accept("%s: task %s %s, at seq %d".formatted(execution, event.task(), what, event.seq()));
  }
}
