package dev.holdfast.node.chaos;

import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.chaos.cluster.MemberProcess;
import dev.holdfast.node.chaos.cluster.ProcessCluster;
import dev.holdfast.node.chaos.history.FiringCheck;
import dev.holdfast.node.chaos.history.Happened;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * The histories that the members show once everything is over. Every member is asked for every
 * execution; where they do not agree among each other, or with the state that they show, it is
 * noted.
 */
final class FinalHistories {
  private static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(15);
  private static final Duration READ_WAIT_MAX = Duration.ofSeconds(90);
  private static final long AGAIN_AFTER_NANOS = Duration.ofMillis(200).toNanos();
  private static final int READS_AT_ONCE_MAX = 16;
  private static final int PAGE = 1000;

  private final Map<String, List<Happened>> histories = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();

  private FinalHistories() {}

  /**
   * Asks until every answer is there, or until that has taken too long.
   *
   * @param executions also what is below these is read: their children, and what they began
   */
  static FinalHistories read(ProcessCluster cluster, Collection<String> executions) {
    var all = new FinalHistories();
    long end = System.nanoTime() + READ_WAIT_MAX.toNanos();
    var left = new TreeSet<>(executions);
    while (!left.isEmpty()) {
      all.readAll(cluster, left, end);
      left.clear();
      all.histories
          .values()
          .forEach(history -> history.forEach(event -> left.addAll(below(event))));
      left.removeAll(all.histories.keySet());
    }
    cluster.running().forEach(member -> all.readList(member, end));
    return all;
  }

  /** What an execution or a schedule has begun with that event. */
  private static List<String> below(Happened event) {
    return switch (event.type()) {
      case "ChildStarted" -> List.of(event.text("child"));
      case "FiringBegan" -> List.of(event.text("execution"));
      default -> List.of();
    };
  }

  private void readAll(ProcessCluster cluster, Collection<String> executions, long end) {
    var slots = new Semaphore(READS_AT_ONCE_MAX);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (MemberProcess member : cluster.running()) {
        var http = new HttpApi(member.http(), ANSWER_WAIT_MAX);
        for (String execution : executions) {
          threads.submit(() -> {
            slots.acquireUninterruptibly();
            read(member, http, execution, end);
            slots.release();
          });
        }
      }
    }
    // Those that no member could be asked for are not asked for again.
    executions.forEach(execution -> histories.putIfAbsent(execution, List.of()));
  }

  /** By execution; none of those that are not there. */
  Map<String, List<Happened>> byExecution() {
    return histories;
  }

  /** Where members do not agree, a sentence each. */
  List<String> wrong() {
    return wrong;
  }

  private interface Reading {
    void read() throws IOException;
  }

  private void again(String what, long endNanos, Reading reading) {
    while (true) {
      try {
        reading.read();
        return;
      } catch (IOException e) {
        if (System.nanoTime() > endNanos) {
          say("%s can't be read: %s".formatted(what, e.getMessage()));
          return;
        }
        LockSupport.parkNanos(AGAIN_AFTER_NANOS);
      }
    }
  }

  private void read(MemberProcess member, HttpApi http, String execution, long endNanos) {
    String path =
        FiringCheck.isSchedule(execution)
            ? "/v1/schedules/" + FiringCheck.nameOf(execution)
            : "/v1/executions/" + URLEncoder.encode(execution, StandardCharsets.UTF_8);
    again(
        execution + " at " + member,
        endNanos,
        () -> {
          HttpApi.Answer view = answered(http.get(path));
          take(member, execution, view, history(http, path));
        });
  }

  private void readList(MemberProcess member, long endNanos) {
    var http = new HttpApi(member.http(), ANSWER_WAIT_MAX);
    again(
        "the list at " + member,
        endNanos,
        () -> Listed.read(http).check(member.toString(), histories, this::say));
  }

  private static HttpApi.Answer answered(HttpApi.Answer answer) throws IOException {
    if (answer.status() >= 500) {
      throw new IOException(answer.toString());
    }
    return answer;
  }

  private synchronized void say(String what) {
    wrong.add(what);
  }

  private synchronized void take(
      MemberProcess member, String execution, HttpApi.Answer view, List<Happened> history) {
    List<Happened> before = histories.putIfAbsent(execution, history);
    if (before != null && !hash(before).equals(hash(history))) {
      say(
          "%s: %s shows a history to seq %d, another one to seq %d, with other hashes"
              .formatted(execution, member, history.size(), before.size()));
    }
    if (view.status() == 200) {
      if (!history.isEmpty()) {
        new StateCheck(execution + " at " + member, history, this::say).check(view.json());
      }
    } else if (!history.isEmpty()) {
      say(execution + " has a history at " + member + " and no state: " + view);
    }
  }

  private static List<Happened> history(HttpApi http, String path) throws IOException {
    var items = new ArrayList<Happened>();
    while (true) {
      HttpApi.Answer page =
          answered(http.get(path + "/history?after=%d&limit=%d".formatted(items.size(), PAGE)));
      if (page.status() != 200) {
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
