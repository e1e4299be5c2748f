package dev.holdfast.node.chaos.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * The signals of one history: each came once, whatever it was sent, was taken at most once and by a
 * task that waited for it, which was given what it brought; none is left when all has completed.
 */
final class SignalCheck {
  private final String execution;
  private final Consumer<String> wrong;
  private final Map<String, JsonNode> received = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, JsonNode> takenBy = new HashMap<>();

  private SignalCheck(String execution, Consumer<String> wrong) {
    this.execution = execution;
    this.wrong = wrong;
  }

  static void check(String execution, List<Happened> history, Consumer<String> wrong) {
    var check = new SignalCheck(execution, wrong);
    history.forEach(check::next);
    if (history.getLast().is("ExecutionCompleted")
        && !check.taken.containsAll(check.received.keySet())) {
      wrong.accept(
          "%s completed without signals %s that it had; taken were %s"
              .formatted(execution, check.received.keySet(), check.taken));
    }
  }

  private void next(Happened event) {
    String id = event.text("id");
    switch (event.type()) {
      case "SignalReceived" -> {
        if (received.put(id, event.fields().path("payload")) != null) {
          say(event, "signal " + id + " came twice");
        }
      }
      case "SignalTaken" -> {
        if (!received.containsKey(id)) {
          say(event, "signal " + id + " was taken, and had not come");
        }
        if (!taken.add(id)) {
          say(event, "signal " + id + " was taken twice");
        }
        takenBy.put(event.task(), received.getOrDefault(id, event.fields()));
      }
      case "TaskPassed" -> {
        JsonNode brought = takenBy.get(event.task());
        if (brought == null) {
          say(event, "task " + event.task() + " went on without its signal");
        } else if (!brought.equals(event.fields().path("output"))) {
          say(event, "task " + event.task() + " was not given what its signal brought");
        }
      }
      default -> {}
    }
  }

  private void say(Happened event, String what) {
    wrong.accept("%s: %s, at seq %d".formatted(execution, what, event.seq()));
  }
}
