package dev.holdfast.node.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;

/** What was acknowledged to clients, to hold the histories to afterwards. Thread-safe. */
final class Ledger {
  private final Set<String> starts = ConcurrentHashMap.newKeySet();
  private final Map<String, Object> results = new ConcurrentHashMap<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();

  void started(String execution) {
    starts.add(execution);
  }

  void handed(String execution, String task) {
    if (results.containsKey(execution + '/' + task)) {
      violations.add(task + " of " + execution + " was handed out after its result's 204");
    }
  }

  void completed(String execution, String task, Object output) {
    results.put(execution + '/' + task, output);
  }

  Set<String> starts() {
    return Set.copyOf(starts);
  }

  int results() {
    return results.size();
  }

  /** Checks an execution's history; what is wrong with it, a sentence each. */
  List<String> check(String execution, List<JsonNode> history) {
    var wrong = new ArrayList<String>();
    var completed = new ConcurrentHashMap<String, JsonNode>();
    long seq = 0;
    for (JsonNode event : history) {
      seq++;
      if (event.get("seq").asLong() != seq) {
        wrong.add(execution + " has a gap before seq " + event.get("seq"));
      }
      String task = event.path("task").asString("");
      switch (event.get("type").asString()) {
        case "TaskCompleted" -> {
          if (completed.put(task, event.path("output")) != null) {
            wrong.add(execution + ": " + task + " completed twice, again at seq " + seq);
          }
        }
        case "TaskStarted" -> {
          if (completed.containsKey(task)) {
            wrong.add(execution + ": " + task + " was started after it completed, at seq " + seq);
          }
        }
        default -> {}
      }
    }
    String last = history.isEmpty() ? "nothing" : history.getLast().get("type").asString();
    if (!last.equals("ExecutionCompleted")) {
      wrong.add(execution + " ends with " + last);
    }
    results.forEach((key, output) -> {
      if (key.startsWith(execution + '/')) {
        JsonNode kept = completed.get(key.substring(execution.length() + 1));
        if (kept == null || !kept.path("of").asString("").equals(output)) {
          wrong.add(key + ": the acknowledged result " + output + " is not there, but " + kept);
        }
      }
    });
    return wrong;
  }

  List<String> violations() {
    return List.copyOf(violations);
  }
}
