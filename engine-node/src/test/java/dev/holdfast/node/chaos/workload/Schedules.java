package dev.holdfast.node.chaos.workload;

import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.chaos.history.Answer;
import dev.holdfast.node.chaos.history.Asked;
import dev.holdfast.node.chaos.history.Fact;
import dev.holdfast.node.chaos.history.FiringCheck;
import dev.holdfast.node.chaos.history.Recorded;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Schedules that fire all through a run: of one, every time has an execution in the end; the other
 * leaves times out while an execution of it runs.
 */
final class Schedules {
  /** What both begin. */
  static final String DEFINITION = "chaos-firing";

  private static final Map<String, String> OVERLAPS = Map.of("queued", "queue", "skipped", "skip");
  private static final long RETRY_AFTER_NANOS = 50_000_000;

  private final Callers callers;
  private final Recorded recorded;

  Schedules(Callers callers, Recorded recorded) {
    this.callers = callers;
    this.recorded = recorded;
  }

  static List<String> names() {
    return OVERLAPS.keySet().stream().sorted().toList();
  }

  /** Sets them, once there is {@link #DEFINITION}. */
  void begin(long endNanos) {
    for (String name : names()) {
      String spec =
          "cron: '*/2 * * * * *'%ndefinition: %s%noverlap: %s%ncatchUp: 10m%n"
              .formatted(DEFINITION, OVERLAPS.get(name));
      long from = System.nanoTime();
      until(endNanos, http -> http.putYaml("/v1/schedules/" + name, spec).status() < 300);
      var asked = new Asked.Start(FiringCheck.idOf(name));
      recorded.add(new Fact.Call(asked, from, System.nanoTime(), Answer.OK, "schedule"));
    }
  }

  /**
   * Pauses them, and waits until what they have begun, and had still to begin, has ended.
   *
   * @throws IllegalStateException when that takes too long
   */
  void end(long endNanos) {
    for (String name : names()) {
      String path = "/v1/schedules/" + name;
      boolean ended = false;
      while (!ended) {
        until(endNanos, http -> view(http, path).path("waiting").isEmpty());
        until(endNanos, http -> turn(http, path + "/pause"));
        var waiting = new AtomicInteger();
        until(
            endNanos,
            http -> {
              JsonNode view = view(http, path);
              waiting.set(view.path("waiting").size());
              return !view.has("running");
            });
        ended = waiting.get() == 0;
        if (!ended) {
          // These have come before the pause, and wait for its end.
          until(endNanos, http -> turn(http, path + "/resume"));
        }
      }
    }
  }

  private static boolean turn(HttpApi member, String path) throws IOException {
    return member.post(path, Map.of()).status() == 200;
  }

  private static JsonNode view(HttpApi member, String path) throws IOException {
    HttpApi.Answer answer = member.get(path);
    if (answer.status() != 200) {
      throw new IOException(answer.toString());
    }
    return answer.json();
  }

  private interface Call {
    boolean isDone(HttpApi member) throws IOException;
  }

  private void until(long endNanos, Call call) {
    String last = "";
    while (System.nanoTime() < endNanos) {
      try {
        if (call.isDone(callers.any())) {
          return;
        }
      } catch (IOException e) {
        last = e.toString();
      }
      LockSupport.parkNanos(RETRY_AFTER_NANOS);
    }
    throw new IllegalStateException(
        "schedules " + names() + " don't answer as they should: " + last);
  }
}
