package dev.holdfast.node.server;

import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import picocli.CommandLine.Command;

/**
 * Does once what a node and a client do, and ends: the build runs it to find out what belongs into
 * the AOT cache.
 */
@Command(name = "train", hidden = true)
public final class TrainCommand implements Callable<Integer> {
  /**
   * One after the other, then many at once: enough for the hot path's profiles to be worth keeping.
   */
  private static final int SERIAL = 300;

  private static final int PARALLEL = 4000;
  private static final int CONCURRENCY = 200;
  private static final Duration WAIT_MAX = Duration.ofSeconds(30);
  private static final String DEFINITION =
      """
      name: train
      input: { type: object, required: [n] }
      tasks:
        a: { agent: train, input: { n: "${input.n}" }, set: { n: "${output.n}" } }
        b: { needs: [a], switch: [{ when: "${vars.n > 1}", then: [c] }, { otherwise: true, then: [d] }] }
        c: { agent: train }
        d: { agent: train }
      """;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("holdfast-train-");
    String cluster = folder.getFileName().toString();
    try (var node = NodeRuntime.startAlone(folder, cluster)) {
      try (var holdfast =
          HoldfastClient.builder().addresses(node.memberAddress()).clusterName(cluster).connect()) {
        holdfast.register(DEFINITION);
        holdfast.agent("train", task -> Map.of("n", task.attempt())).concurrency(500).start();
        for (int i = 0; i < SERIAL; i++) {
          holdfast.start("train", Map.of("n", i)).awaitResult(WAIT_MAX).output();
        }
        runParallel(holdfast);
      }
      for (String path : new String[] {"/health/ready", "/v1/executions", "/metrics"}) {
        get(node.httpAddress() + path);
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  private static void runParallel(HoldfastClient holdfast) throws InterruptedException {
    var slots = new Semaphore(CONCURRENCY);
    for (int i = 0; i < PARALLEL; i++) {
      slots.acquire();
      holdfast
          .startAsync("train", Map.of("n", i))
          .thenCompose(ExecutionHandle::awaitResultAsync)
          .whenComplete((result, failure) -> slots.release());
    }
    slots.acquire(CONCURRENCY);
  }

  private static void get(String address) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.discarding());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
