package dev.holdfast.node.chaos.history;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Executions that have executions of their own: each attempt has one child, that is there and has
 * completed if the attempt has, with the output that the attempt has; and no child is anybody's
 * that didn't want it.
 */
final class KinCheck {
  private final Map<String, List<Happened>> histories;
  private final Consumer<String> wrong;

  private KinCheck(Map<String, List<Happened>> histories, Consumer<String> wrong) {
    this.histories = histories;
    this.wrong = wrong;
  }

  static void check(Map<String, List<Happened>> histories, Consumer<String> wrong) {
    var check = new KinCheck(histories, wrong);
    histories.forEach((execution, history) -> {
      check.children(execution, history);
      if (!history.isEmpty() && history.getFirst().fields().has("parent")) {
        check.parent(execution, history.getFirst().fields().get("parent"));
      }
    });
  }

  private void children(String execution, List<Happened> history) {
    var seen = new HashSet<String>();
    for (Happened event : history) {
      if (event.is("ChildStarted")) {
        String child = event.text("child");
        if (!seen.add(child)) {
          wrong.accept(execution + " started " + child + " twice");
        }
        result(event, child, endOf(event, history), histories.getOrDefault(child, List.of()));
      }
    }
  }

  /** What became of that attempt; its beginning when nothing has. */
  private static Happened endOf(Happened started, List<Happened> history) {
    return history.stream()
        .filter(event -> event.is("TaskCompleted") || event.is("AttemptFailed"))
        .filter(event -> event.task().equals(started.task()))
        .filter(event -> event.attempt() == started.attempt())
        .findFirst()
        .orElse(started);
  }

  private void result(Happened started, String child, Happened end, List<Happened> below) {
    Happened last = below.isEmpty() ? started : below.getLast();
    if (end.is("TaskCompleted")) {
      if (!last.is("ExecutionCompleted")) {
        wrong.accept(child + " was taken for completed, and is at " + last.type());
      } else if (!last.fields().path("output").equals(end.fields().path("output"))) {
        wrong.accept(
            "%s completed with %s, and its parent has %s"
                .formatted(child, last.fields().path("output"), end.fields().path("output")));
      }
    } else if (end.text("outcome").equals("error") && last.is("ExecutionCompleted")) {
      wrong.accept(child + " completed, and its parent has " + end.fields());
    }
    if (!below.isEmpty() && !below.getFirst().fields().has("parent")) {
      wrong.accept(child + " is there as nobody's child");
    }
  }

  private void parent(String execution, JsonNode parent) {
    boolean wanted =
        histories.getOrDefault(parent.path("id").asString(""), List.of()).stream()
            .anyMatch(event ->
                event.is("ChildStarted")
                    && event.text("child").equals(execution)
                    && event.task().equals(parent.path("task").asString(""))
                    && event.attempt() == parent.path("attempt").asInt(0));
    if (!wanted) {
      wrong.accept(execution + " was started, and no history of its parent wants it: " + parent);
    }
  }
}
