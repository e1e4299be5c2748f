package dev.holdfast.node.chaos;

import dev.holdfast.node.chaos.history.Happened;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The state that a member shows of an ended execution, held to its history. */
final class StateCheck {
  private final String name;
  private final List<Happened> history;
  private final Consumer<String> wrong;

  StateCheck(String name, List<Happened> history, Consumer<String> wrong) {
    this.name = name;
    this.history = history;
    this.wrong = wrong;
  }

  /** What a task's events leave it as. */
  private record Task(String status, JsonNode output) {}

  void check(JsonNode view) {
    Happened last = history.getLast();
    if (view.get("seq").asLong() != last.seq()) {
      wrong.accept(
          "%s: the state is at seq %s, the history at %d"
              .formatted(name, view.get("seq"), last.seq()));
    }
    if (last.isEnd() && !view.get("status").asString().equals(last.endStatus())) {
      wrong.accept(name + ": the state is " + view.get("status") + " after " + last.type());
    }
    Map<String, Task> tasks = replay();
    for (JsonNode shown : view.path("tasks")) {
      Task task = tasks.get(shown.get("id").asString());
      if (task == null) {
        continue;
      }
      if (!shown.get("status").asString().equals(task.status)) {
        wrong.accept(
            "%s: task %s is %s, by its events %s"
                .formatted(name, shown.get("id"), shown.get("status"), task.status));
      }
      if (!task.output.isMissingNode() && !shown.path("output").equals(task.output)) {
        wrong.accept(
            "%s: task %s shows the output %s, by its events %s"
                .formatted(name, shown.get("id"), shown.path("output"), task.output));
      }
    }
  }

  private Map<String, Task> replay() {
    var tasks = new HashMap<String, Task>();
    for (Happened event : history) {
      String status =
          switch (event.type()) {
            case "TaskReadied", "TaskRequeued" -> "READY";
            case "TaskDelayed", "SignalAwaited" -> "PENDING";
            case "TaskStarted", "ChildStarted", "TaskExpanded" -> "RUNNING";
            case "TaskCompleted", "DecisionTaken", "TaskPassed", "TaskGathered" -> "COMPLETED";
            case "ApprovalRequested" -> "AWAITING_APPROVAL";
            case "TaskRetryScheduled" -> "RETRYING";
            case "TaskFailed" -> "FAILED";
            case "TaskSkipped" -> "SKIPPED";
            case "TaskCancelled" -> "CANCELLED";
            default -> "";
          };
      if (!status.isEmpty()) {
        JsonNode output =
            event.is("TaskGathered") ? outputs(event.task(), tasks) : event.fields().path("output");
        tasks.put(event.task(), new Task(status, output));
      }
    }
    return tasks;
  }

  /** What a list's items gave, in its order: what the list gives. */
  private static JsonNode outputs(String list, Map<String, Task> tasks) {
    var outputs = JsonNodeFactory.instance.arrayNode();
    Task item = tasks.get(list + "[0]");
    for (int n = 1; item != null; n++) {
      outputs.add(item.output);
      item = tasks.get(list + '[' + n + ']');
    }
    return outputs;
  }
}
