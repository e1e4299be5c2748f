package dev.holdfast.node.chaos;

import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.chaos.cluster.ClusterProcess;
import dev.holdfast.node.chaos.cluster.MemberProcess;
import dev.holdfast.node.chaos.history.Happened;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The histories that the members show once everything is over. Every member is asked for every
 * execution; where they do not agree among each other, or with the state that they show, it is
 * noted.
 */
final class FinalHistories {
  private static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(30);
  private static final int PAGE = 1000;

  private final Map<String, List<Happened>> histories = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();

  private FinalHistories() {}

  static FinalHistories read(ClusterProcess cluster, Collection<String> executions)
      throws IOException {
    var all = new FinalHistories();
    for (MemberProcess member : cluster.running()) {
      var http = new HttpApi(member.http(), ANSWER_WAIT_MAX);
      for (String execution : executions) {
        all.read(member, http, execution);
      }
    }
    return all;
  }

  /** By execution; none of those that are not there. */
  Map<String, List<Happened>> byExecution() {
    return histories;
  }

  /** Where members do not agree, a sentence each. */
  List<String> wrong() {
    return wrong;
  }

  private void read(MemberProcess member, HttpApi http, String execution) throws IOException {
    HttpApi.Answer view = http.get("/v1/executions/" + execution);
    List<Happened> history = history(http, execution);
    List<Happened> before = histories.putIfAbsent(execution, history);
    if (before != null && !hash(before).equals(hash(history))) {
      wrong.add(
          "%s: %s shows a history to seq %d, another one to seq %d, with other hashes"
              .formatted(execution, member, history.size(), before.size()));
    }
    if (view.status() == 200) {
      if (!history.isEmpty()) {
        new StateCheck(execution + " at " + member, history, wrong::add).check(view.json());
      }
    } else if (!history.isEmpty()) {
      wrong.add(execution + " has a history at " + member + " and no state: " + view);
    }
  }

  private List<Happened> history(HttpApi http, String execution) throws IOException {
    var items = new ArrayList<Happened>();
    while (true) {
      HttpApi.Answer page =
          http.get(
              "/v1/executions/%s/history?after=%d&limit=%d"
                  .formatted(execution, items.size(), PAGE));
      if (page.status() != 200) {
        if (page.status() != 404) {
          wrong.add("history of " + execution + ": " + page);
        }
        return List.of();
      }
      JsonNode list = page.json().get("items");
      list.forEach(event -> items.add(Happened.of(event)));
      if (list.size() < PAGE) {
        return items;
      }
    }
  }

  private static String hash(List<Happened> history) {
    return history.isEmpty() ? "" : history.getLast().hash();
  }
}
