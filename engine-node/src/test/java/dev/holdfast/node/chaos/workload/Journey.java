package dev.holdfast.node.chaos.workload;

import dev.holdfast.api.PauseMode;
import dev.holdfast.api.StartOptions;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.chaos.history.Asked;
import dev.holdfast.node.chaos.history.Asked.Action;
import dev.holdfast.node.chaos.history.Fact;
import dev.holdfast.node.chaos.history.Recorded;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** One execution as its user sees it, from the start to the end. Runs on a thread of its own. */
final class Journey {
  private static final long RETRY_AFTER_NANOS = Duration.ofMillis(50).toNanos();
  private static final int CONTROL_AFTER_MILLIS_MAX = 500;
  private static final int HOLD_MILLIS_MAX = 800;
  private static final int SIGNAL_AFTER_MILLIS_MAX = 1500;
  private static final int NOT_FOUND = 404;

  private final String id;
  private final int n;
  private final Callers callers;
  private final HoldfastClient client;
  private final Recorded recorded;
  private final boolean byThinClient;
  private int controls;

  Journey(String id, int n, Callers callers, HoldfastClient client, Recorded recorded) {
    this.id = id;
    this.n = n;
    this.callers = callers;
    this.client = client;
    this.recorded = recorded;
    this.byThinClient = n % 3 == 0;
  }

  /** Returns once the execution was seen to have ended, or the thread is interrupted. */
  void travel() {
    Callers.Reply started = start();
    while (isAllowed() && !started.isFinal()) {
      pause(RETRY_AFTER_NANOS);
      started = start();
    }
    if (Shape.of(n) == Shape.REFUSE && Asked.Start.isForLimit(started.detail())) {
      return;
    }
    boolean isSignalled = Shape.of(n) == Shape.SIGNAL;
    if (isSignalled && n % 2 == 0) {
      signal();
    }
    if (n % 7 == 3) {
      pause(randomMillis(CONTROL_AFTER_MILLIS_MAX));
      pauseAndResume();
    } else if (n % 13 == 5) {
      pause(randomMillis(CONTROL_AFTER_MILLIS_MAX));
      control(Action.CANCEL);
    }
    if (isSignalled) {
      pause(randomMillis(SIGNAL_AFTER_MILLIS_MAX));
      signal();
      signal();
    }
    while (isAllowed() && !isSeenToEnd()) {
      pause(RETRY_AFTER_NANOS);
    }
    if (n % 11 < 2) {
      readHistory();
    }
  }

  private Callers.Reply start() {
    var asked = new Asked.Start(id);
    Map<String, ?> input = Shape.input(n);
    String definition = Shape.of(n).definition();
    return byThinClient
        ? callers.thin(asked, () -> client.start(definition, input, StartOptions.DEFAULTS.id(id)))
        : callers.post(
            asked, "/v1/executions", Map.of("definition", definition, "id", id, "input", input));
  }

  /** The signal that it waits for: the same each time, which is to count once. */
  private void signal() {
    String signalId = "paid-" + id;
    var asked = new Asked.Signal(id, "paid", signalId);
    var payload = Map.of("of", signalId);
    String path = "/v1/executions/" + id + "/signals/paid?id=" + signalId;
    Callers.Reply reply;
    do {
      pause(RETRY_AFTER_NANOS);
      reply =
          byThinClient
              ? callers.thin(asked, () -> client.execution(id).signal("paid", payload, signalId))
              : callers.post(asked, path, payload);
    } while (isAllowed() && !reply.isFinal());
  }

  private void pauseAndResume() {
    if (control(Action.PAUSE)) {
      pause(randomMillis(HOLD_MILLIS_MAX));
      control(Action.RESUME);
    }
  }

  /**
   * Asks until it is done or refused. Each time is a call of its own, by another reason: HTTP has
   * no command ids, so that the same pause may be done twice when its answer was lost.
   *
   * @return whether it was done
   */
  private boolean control(Action action) {
    while (isAllowed()) {
      Callers.Reply reply = ask(new Asked.Control(id, action, id + '-' + ++controls));
      if (reply.isFinal()) {
        return reply.isOk();
      }
      pause(RETRY_AFTER_NANOS);
    }
    return false;
  }

  private Callers.Reply ask(Asked.Control asked) {
    boolean immediate = n / 7 % 2 == 0;
    if (!byThinClient) {
      var body =
          switch (asked.action()) {
            case PAUSE ->
                Map.of("reason", asked.reason(), "mode", immediate ? "immediate" : "graceful");
            // Agents die too: none may be known at the moment.
            case RESUME -> Map.of("reason", asked.reason(), "force", true);
            case CANCEL -> Map.of("reason", asked.reason());
          };
      return callers.post(asked, "/v1/executions/" + id + '/' + asked.action().path(), body);
    }
    ExecutionHandle handle = client.execution(id);
    return callers.thin(
        asked,
        () -> {
          switch (asked.action()) {
            case PAUSE ->
                handle.pause(immediate ? PauseMode.IMMEDIATE : PauseMode.GRACEFUL, asked.reason());
            case RESUME -> handle.resume(asked.reason(), true);
            case CANCEL -> handle.cancel(asked.reason());
          }
        });
  }

  private boolean isSeenToEnd() {
    long from = System.nanoTime();
    try {
      HttpApi.Answer answer = callers.any().get("/v1/executions/" + id + "?wait=3s");
      if (answer.status() == NOT_FOUND) {
        recorded.add(new Fact.Denied(id, from, "GET"));
      }
      if (answer.status() != 200) {
        return false;
      }
      JsonNode view = answer.json();
      String status = view.get("status").asString();
      if (!view.path("endedAt").isMissingNode()) {
        recorded.add(new Fact.End(id, status, view.get("seq").asLong(), System.nanoTime()));
        return true;
      }
      if (status.equals("PAUSED") || status.equals("PAUSING")) {
        // A pause whose answer was lost may be done after the resume.
        control(Action.RESUME);
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private void readHistory() {
    try {
      var answer = callers.any().get("/v1/executions/" + id + "/history?limit=1000");
      if (answer.status() == 200) {
        answer
            .json()
            .get("items")
            .forEach(event ->
                recorded.add(
                    new Fact.Read(
                        id,
                        event.get("seq").asLong(),
                        event.get("hash").asString(),
                        System.nanoTime())));
      }
    } catch (IOException e) {
      // It is one look more; the run has enough of them.
      return;
    }
  }

  private static boolean isAllowed() {
    return !Thread.currentThread().isInterrupted();
  }

  private static long randomMillis(int max) {
    return ThreadLocalRandom.current().nextInt(max) * 1_000_000L;
  }

  private static void pause(long nanos) {
    LockSupport.parkNanos(nanos);
  }
}
