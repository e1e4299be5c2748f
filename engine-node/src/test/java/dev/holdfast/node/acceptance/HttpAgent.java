package dev.holdfast.node.acceptance;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * An agent by HTTP: a thread that polls, a virtual thread a task. While the node is away it tries
 * again; a result is sent until it is taken or refused.
 */
final class HttpAgent implements AutoCloseable {
  private static final int TASKS_AT_ONCE_MAX = 100;
  private static final Duration RETRY_AFTER = Duration.ofMillis(20);

  private final HttpApi http;
  private final String capability;
  private final Work work;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean open = true;

  /** What the agent does, and what it is told. */
  interface Work {
    /** Carries a task out; its output. */
    Map<String, Object> handle(JsonNode task) throws InterruptedException;

    /** The result was acknowledged. */
    void acknowledged(JsonNode task, Map<String, Object> output);
  }

  HttpAgent(HttpApi http, String capability, Work work) {
    this.http = http;
    this.capability = capability;
    this.work = work;
    threads.submit(this::poll);
  }

  private void poll() {
    while (open) {
      try {
        var answer =
            http.post(
                "/v1/tasks/poll",
                Map.of(
                    "worker",
                    "http-agent",
                    "agents",
                    List.of(capability),
                    "max",
                    TASKS_AT_ONCE_MAX,
                    "wait",
                    "2s"));
        if (answer.status() == 200) {
          answer.json().get("tasks").forEach(task -> threads.submit(() -> carryOut(task)));
        } else {
          pause();
        }
      } catch (IOException e) {
        pause();
      }
    }
  }

  private void carryOut(JsonNode task) {
    try {
      Map<String, Object> output = work.handle(task);
      String path = "/v1/tasks/" + task.get("token").asString() + "/complete";
      while (open) {
        int status = complete(path, output);
        if (status == 204) {
          work.acknowledged(task, output);
          return;
        }
        if (status == 409 || status == 404) {
          return;
        }
        pause();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int complete(String path, Map<String, Object> output) {
    try {
      return http.post(path, Map.of("output", output)).status();
    } catch (IOException e) {
      return 0;
    }
  }

  private static void pause() {
    LockSupport.parkNanos(RETRY_AFTER.toNanos());
  }

  @Override
  public void close() {
    open = false;
    threads.shutdownNow();
    threads.close();
  }
}
