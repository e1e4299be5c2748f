package dev.holdfast.node.chaos;

import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.chaos.history.FiringCheck;
import dev.holdfast.node.chaos.history.Happened;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The list of executions that a member shows: nothing is in it that nobody began, and all else. */
final class Listed {
  private static final int PAGE = 1000;

  private final Map<String, String> statuses = new HashMap<>();

  private Listed() {}

  /** Reads all pages of it. */
  static Listed read(HttpApi http) throws IOException {
    var listed = new Listed();
    String cursor = "";
    do {
      HttpApi.Answer page = http.get("/v1/executions?limit=" + PAGE + cursor);
      if (page.status() != 200) {
        throw new IOException(page.toString());
      }
      for (JsonNode item : page.json().get("items")) {
        listed.statuses.put(item.get("id").asString(), item.get("status").asString());
      }
      JsonNode next = page.json().path("nextCursor");
      cursor = next.isMissingNode() ? "" : "&cursor=" + next.asString();
    } while (!cursor.isEmpty());
    return listed;
  }

  void check(String name, Map<String, List<Happened>> histories, Consumer<String> wrong) {
    var all = new TreeSet<>(statuses.keySet());
    histories.forEach((execution, history) -> {
      if (!history.isEmpty() && !FiringCheck.isSchedule(execution)) {
        all.add(execution);
      }
    });
    for (String execution : all) {
      List<Happened> history = histories.getOrDefault(execution, List.of());
      String status = statuses.getOrDefault(execution, "nothing");
      if (history.isEmpty()) {
        wrong.accept("%s lists %s as %s, and nobody began it".formatted(name, execution, status));
      } else if (history.getLast().isEnd() && !status.equals(history.getLast().endStatus())) {
        wrong.accept(
            "%s lists %s as %s after %s"
                .formatted(name, execution, status, history.getLast().type()));
      }
    }
  }
}
