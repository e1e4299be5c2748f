package dev.holdfast.node.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The lists of one history: each is the one that the execution was started with, every item of it
 * has one task with that item, not too many of them run at once, and what follows is given the
 * outputs of all, in the list's order.
 *
 * <p>By what the workload agrees on: a list is the input's {@code items}, an item's input is {@code
 * {item, n}}, and what follows has the list's output as {@code items} in its own input.
 */
final class ListCheck {
  private static final Pattern ITEM = Pattern.compile("(.+)\\[(\\d+)]");

  private final String execution;
  private final Consumer<String> wrong;
  private final JsonNode given;
  private final Map<String, JsonNode> lists = new HashMap<>();
  private final Map<String, JsonNode> outputs = new HashMap<>();
  private final Set<String> running = new HashSet<>();
  private final List<JsonNode> gathered = new ArrayList<>();

  private ListCheck(String execution, JsonNode given, Consumer<String> wrong) {
    this.execution = execution;
    this.given = given;
    this.wrong = wrong;
  }

  static void check(String execution, List<Happened> history, Consumer<String> wrong) {
    JsonNode given = history.getFirst().fields().path("input").path("items");
    var check = new ListCheck(execution, given, wrong);
    history.forEach(check::next);
    if (history.getLast().is("ExecutionCompleted") && check.gathered.size() < check.lists.size()) {
      wrong.accept(execution + " completed with lists that are not whole");
    }
  }

  private void next(Happened event) {
    switch (event.type()) {
      case "TaskExpanded" -> expanded(event);
      case "TaskReadied" -> readied(event);
      case "TaskStarted" -> started(event);
      case "TaskCompleted" -> {
        outputs.put(event.task(), event.fields().path("output"));
        running.remove(event.task());
      }
      case "AttemptFailed", "TaskCancelled" -> running.remove(event.task());
      case "TaskGathered" -> gathered.add(outputsOf(event));
      default -> {}
    }
  }

  private void expanded(Happened event) {
    JsonNode items = event.fields().path("items");
    if (lists.put(event.task(), items) != null) {
      say(event, "became a list twice");
    }
    if (!items.equals(given)) {
      say(event, "is the list " + items + ", and was given " + given);
    }
  }

  private void readied(Happened event) {
    JsonNode input = event.fields().path("input");
    Matcher item = ITEM.matcher(event.task());
    if (item.matches()) {
      int n = Integer.parseInt(item.group(2));
      JsonNode expected = itemOf(item.group(1), n);
      if (expected == null) {
        say(event, "is of no list");
      } else if (!input.path("item").equals(expected) || input.path("n").asInt(-1) != n) {
        say(event, "was given " + input + " for " + expected);
      }
    } else if (!gathered.isEmpty() && !input.path("items").equals(gathered.getLast())) {
      say(event, "was given " + input + " of a list whose outputs are " + gathered.getLast());
    }
  }

  private @Nullable JsonNode itemOf(String list, int n) {
    JsonNode items = lists.get(list);
    return items == null ? null : items.get(n);
  }

  private void started(Happened event) {
    if (ITEM.matcher(event.task()).matches()) {
      running.add(event.task());
      if (running.size() > HistoryChecker.ITEMS_AT_ONCE_MAX) {
        say(event, "was started as the " + running.size() + "th at once: " + running);
      }
    }
  }

  private JsonNode outputsOf(Happened event) {
    var all = JsonNodeFactory.instance.arrayNode();
    JsonNode items = lists.get(event.task());
    for (int n = 0; items != null && n < items.size(); n++) {
      JsonNode output = outputs.get(event.task() + '[' + n + ']');
      if (output == null) {
        say(event, "was taken for whole without item " + n);
      } else {
        all.add(output);
      }
    }
    return all;
  }

  private void say(Happened event, String what) {
    wrong.accept("%s: task %s %s, at seq %d".formatted(execution, event.task(), what, event.seq()));
  }
}
