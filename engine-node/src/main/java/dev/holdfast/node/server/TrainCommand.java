package dev.holdfast.node.server;

import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.node.config.NodeConfig;
import dev.holdfast.node.process.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/**
 * Does once what a node and a client do, and ends: the build runs it to find out what belongs into
 * the AOT cache. A member that comes back into a cluster gets its share of the work within a
 * second, so what members do among themselves is done too, a departure and a return under load
 * among it.
 */
@Command(name = "train", hidden = true)
public final class TrainCommand implements Callable<Integer> {
  /**
   * One after the other, then many at once: enough for the hot path's profiles to be worth keeping.
   */
  private static final int SERIAL = 300;

  private static final int PARALLEL = 4000;
  private static final int CONCURRENCY = 200;
  private static final int MEMBERS = 3;
  private static final String HOST = "127.0.0.1";
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
    try {
      trainAlone(folder.resolve("alone"), folder.getFileName() + "-alone");
      trainCluster(folder, folder.getFileName().toString());
    } finally {
      delete(folder);
    }
    return 0;
  }

  private static void trainAlone(Path data, String cluster)
      throws IOException, InterruptedException {
    try (var node = NodeRuntime.startAlone(data, cluster)) {
      try (var holdfast = connect(node.memberAddress(), cluster)) {
        for (int i = 0; i < SERIAL; i++) {
          holdfast.start("train", Map.of("n", i)).awaitResult(WAIT_MAX).output();
        }
        runParallel(holdfast, PARALLEL);
      }
      for (String path : new String[] {"/health/ready", "/v1/executions", "/metrics"}) {
        get(node.httpAddress() + path);
      }
    }
  }

  private static void trainCluster(Path folder, String cluster) throws InterruptedException {
    List<Integer> ports = FreePorts.on(HOST, MEMBERS);
    String join = ports.stream().map(port -> HOST + ':' + port).collect(Collectors.joining(","));
    List<CompletableFuture<NodeRuntime>> members =
        ports.stream().map(port -> startMember(folder, cluster, join, port)).toList();
    var last = members.getLast();
    try {
      members.forEach(member -> awaitOpen(member.join()));
      try (var holdfast = connect(HOST + ':' + ports.getFirst(), cluster)) {
        runParallel(holdfast, PARALLEL / 2);
        var leaving = CompletableFuture.runAsync(last.join()::close);
        runParallel(holdfast, PARALLEL / 4);
        leaving.join();
        last = startMember(folder, cluster, join, ports.getLast());
        runParallel(holdfast, PARALLEL / 4);
        awaitOpen(last.join());
        runParallel(holdfast, PARALLEL / 4);
      }
    } finally {
      last.join().close();
      members.subList(0, MEMBERS - 1).forEach(member -> member.join().close());
    }
  }

  private static CompletableFuture<NodeRuntime> startMember(
      Path folder, String cluster, String join, int port) {
    Map<String, String> flags =
        Map.of(
            "data",
            folder.resolve("member-" + port).toString(),
            "http.port",
            "0",
            "member.port",
            String.valueOf(port),
            "cluster.name",
            cluster,
            "cluster.join",
            join);
    return CompletableFuture.supplyAsync(
        () -> NodeRuntime.start(NodeConfig.read(flags, Map.of(), null)),
        task -> Thread.ofPlatform().start(task));
  }

  private static void awaitOpen(NodeRuntime member) {
    member.opened().orTimeout(WAIT_MAX.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static HoldfastClient connect(String address, String cluster) {
    HoldfastClient holdfast =
        HoldfastClient.builder().addresses(address).clusterName(cluster).connect();
    holdfast.register(DEFINITION);
    holdfast.agent("train", task -> Map.of("n", task.attempt())).concurrency(500).start();
    return holdfast;
  }

  private static void runParallel(HoldfastClient holdfast, int workflows)
      throws InterruptedException {
    var slots = new Semaphore(CONCURRENCY);
    for (int i = 0; i < workflows; i++) {
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
