package dev.holdfast.cli.agent;

import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.ApiException;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.UnreachableException;
import dev.holdfast.cli.output.Output;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Polls for tasks over HTTP and runs a command for each. */
final class ShellAgent {
  private static final String POLL_WAIT = "20s";
  private static final long AWAY_PAUSE_MILLIS = 500;
  private static final long HEARTBEAT_MILLIS_DEFAULT = 5_000;
  private static final long HEARTBEAT_MILLIS_MIN = 50;

  /** Of answers to a result with which the engine can do nothing. */
  private static final Set<Integer> UNUSABLE = Set.of(400, 413, 422);

  private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

  private final ApiClient api;
  private final Output output;
  private final ShellTask command;
  private final String worker;
  private final List<String> capabilities;
  private final Map<String, String> labels;
  private final int concurrency;
  private final Semaphore places;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Thread poller;

  ShellAgent(
      ApiClient api,
      Output output,
      ShellTask command,
      String worker,
      List<String> capabilities,
      Map<String, String> labels,
      int concurrency) {
    this.api = api;
    this.output = output;
    this.command = command;
    this.worker = worker;
    this.capabilities = capabilities;
    this.labels = labels;
    this.concurrency = concurrency;
    this.places = new Semaphore(concurrency);
  }

  /** Takes tasks until {@link #stop}. */
  void run() throws InterruptedException {
    poller = Thread.currentThread();
    boolean away = false;
    while (stopping.getCount() > 0) {
      places.acquire();
      int free = 1 + places.drainPermits();
      List<PolledTask> tasks = List.of();
      try {
        tasks = poll(free);
        away = false;
      } catch (UnreachableException e) {
        if (stopping.getCount() == 0) {
          places.release(free);
          return;
        }
        if (!away) {
          output.remark("holdfast: " + e.getMessage() + "; waiting for it");
        }
        away = true;
      } catch (ApiException e) {
        if (e.status() < 500 && e.status() != 429) {
          throw e;
        }
        away = true;
      }
      places.release(free - tasks.size());
      for (PolledTask task : tasks) {
        Thread.ofVirtual().name(worker).start(() -> handle(task));
      }
      if (away && stopping.await(AWAY_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  /** Takes nothing more and waits a while for the commands that run. */
  void stop() {
    stopping.countDown();
    Thread polling = poller;
    if (polling != null) {
      polling.interrupt();
    }
    try {
      if (!places.tryAcquire(concurrency, STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        output.remark("holdfast: commands are still running; their tasks go to other agents");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<PolledTask> poll(int max) {
    Map<String, @Nullable Object> answer =
        api.post(
            "/v1/tasks/poll",
            Map.of(
                "worker", worker,
                "agents", capabilities,
                "labels", labels,
                "max", max,
                "wait", POLL_WAIT));
    if (!(answer.get("tasks") instanceof List<?> tasks)) {
      throw new IllegalStateException("the poll's answer has no tasks: " + answer.keySet());
    }
    return tasks.stream().map(ShellAgent::polled).toList();
  }

  private static PolledTask polled(Object task) {
    // By the API's contract tasks are objects.
    @SuppressWarnings("unchecked")
    var object = (Map<String, @Nullable Object>) task;
    return Json.as(object, PolledTask.class);
  }

  private void handle(PolledTask task) {
    try (var heartbeats = new Heartbeats(task)) {
      say("started", task, null);
      ShellTask.Result result = command.run(task, heartbeats::watch);
      if (heartbeats.cancelled) {
        say("cancelled", task, null);
      } else {
        report(task, result);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      places.release();
    }
  }

  private void report(PolledTask task, ShellTask.Result result) throws InterruptedException {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    String verb = "complete";
    if (result.error() == null) {
      body.putAll(result.body());
    } else {
      verb = "fail";
      body.put("error", result.error());
      body.put("retryable", result.retryable());
    }
    while (true) {
      try {
        api.post("/v1/tasks/" + ApiClient.escaped(task.token()) + '/' + verb, body);
        say(verb.equals("complete") ? "completed" : "failed", task, result.error());
        return;
      } catch (UnreachableException e) {
        // The node comes back, and the result is worth waiting for until the task's deadline.
      } catch (ApiException e) {
        if (verb.equals("complete") && UNUSABLE.contains(e.status())) {
          // The attempt is still ours, and what the command said will never do.
          report(task, unusable(e));
          return;
        }
        if (e.status() < 500 && e.status() != 429) {
          say("refused: " + e.getMessage(), task, null);
          return;
        }
      }
      if (Instant.now().isAfter(task.deadline())) {
        say("given up: the node did not take the result", task, null);
        return;
      }
      Thread.sleep(AWAY_PAUSE_MILLIS);
    }
  }

  private static ShellTask.Result unusable(ApiException refusal) {
    String type = String.valueOf(refusal.problem().getOrDefault("code", "bad-output"));
    return ShellTask.Result.failed(type, String.valueOf(refusal.getMessage()), true);
  }

  private void say(String what, PolledTask task, @Nullable Object error) {
    if (output.json()) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("event", what);
      line.put("execution", task.execution());
      line.put("task", task.task());
      line.put("attempt", task.attempt());
      if (error != null) {
        line.put("error", error);
      }
      output.line(Json.line(line));
    } else {
      String attempt = task.attempt() == 1 ? "" : " (attempt " + task.attempt() + ")";
      String why = error == null ? "" : ": " + Json.line(error);
      output.line(task.execution() + " " + task.task() + attempt + " " + what + why);
    }
  }

  /**
   * Tells the node that the command still runs, as often as the task asks for, and kills it when
   * the node says that the attempt was taken back.
   */
  private final class Heartbeats implements AutoCloseable {
    private final PolledTask task;
    private final long everyMillis;
    private volatile boolean cancelled;
    private @Nullable Thread beating;

    Heartbeats(PolledTask task) {
      this.task = task;
      Long allowed = task.heartbeatMs();
      this.everyMillis =
          allowed == null ? HEARTBEAT_MILLIS_DEFAULT : Math.max(HEARTBEAT_MILLIS_MIN, allowed / 3);
    }

    void watch(Process process) {
      beating = Thread.ofVirtual().start(() -> beat(process));
    }

    private void beat(Process process) {
      String path = "/v1/tasks/" + ApiClient.escaped(task.token()) + "/heartbeat";
      try {
        while (!process.waitFor(everyMillis, TimeUnit.MILLISECONDS)) {
          if (Boolean.TRUE.equals(heartbeat(path))) {
            cancelled = true;
            ShellTask.kill(process);
            return;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private @Nullable Object heartbeat(String path) {
      try {
        return api.post(path, Map.of()).get("cancelled");
      } catch (UnreachableException | ApiException e) {
        // The next one may get through; the node decides what silence means.
        return null;
      }
    }

    @Override
    public void close() {
      if (beating != null) {
        beating.interrupt();
      }
    }
  }
}
