package dev.holdfast.node.chaos.workload;

import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.chaos.history.Asked;
import dev.holdfast.node.chaos.history.Fact;
import dev.holdfast.node.chaos.history.Recorded;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Agents by HTTP: one asks each member for tasks, results go to any member, again and again until
 * one takes or refuses them. Capability {@code flaky} fails a first attempt and some of the later
 * ones.
 */
final class HttpAgents implements AutoCloseable {
  private static final int TASKS_AT_ONCE_MAX = 50;
  private static final int TASK_MILLIS_MAX = 800;
  private static final long RETRY_AFTER_NANOS = Duration.ofMillis(50).toNanos();

  private final Callers callers;
  private final Recorded recorded;
  private final AtomicLong marks = new AtomicLong();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean open = true;

  HttpAgents(Callers callers, Recorded recorded) {
    this.callers = callers;
    this.recorded = recorded;
    int number = 0;
    for (HttpApi member : callers.all()) {
      String worker = "http-agent-" + number++;
      threads.submit(() -> poll(member, worker));
    }
  }

  private void poll(HttpApi member, String worker) {
    var request =
        Map.of(
            "worker",
            worker,
            "agents",
            List.of("by-http", "flaky"),
            "max",
            TASKS_AT_ONCE_MAX,
            "wait",
            "2s");
    while (open) {
      if (callers.isSpared(member)) {
        LockSupport.parkNanos(RETRY_AFTER_NANOS);
        continue;
      }
      try {
        var answer = member.post("/v1/tasks/poll", request);
        if (answer.status() == 200) {
          answer.json().get("tasks").forEach(task -> threads.submit(() -> handle(task, worker)));
        } else {
          LockSupport.parkNanos(RETRY_AFTER_NANOS);
        }
      } catch (IOException e) {
        LockSupport.parkNanos(RETRY_AFTER_NANOS);
      }
    }
  }

  private void handle(JsonNode handed, String worker) {
    String execution = handed.get("execution").asString();
    String task = handed.get("task").asString();
    int attempt = handed.get("attempt").asInt();
    recorded.add(new Fact.Handed(execution, task, attempt, worker, System.nanoTime()));
    var random = ThreadLocalRandom.current();
    LockSupport.parkNanos(random.nextInt(TASK_MILLIS_MAX) * 1_000_000L);
    String path = "/v1/tasks/" + handed.get("token").asString();
    if (task.equals("flaky") && (attempt == 1 || random.nextInt(4) == 0)) {
      var error = Map.of("error", Map.of("type", "flaky", "message", "attempt " + attempt));
      report(new Asked.Fail(execution, task, attempt), path + "/fail", error);
    } else {
      String mark = execution + '/' + task + '#' + attempt + '-' + marks.incrementAndGet();
      var output = Map.of("output", Map.of("of", mark));
      report(new Asked.Complete(execution, task, attempt, mark), path + "/complete", output);
    }
  }

  private void report(Asked asked, String path, Map<String, ?> body) {
    while (open && !callers.post(asked, path, body).isFinal()) {
      LockSupport.parkNanos(RETRY_AFTER_NANOS);
    }
  }

  @Override
  public void close() {
    open = false;
    threads.shutdownNow();
    threads.close();
  }
}
