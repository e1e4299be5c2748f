package dev.holdfast.node.bench;

import dev.holdfast.client.HoldfastClient;
import dev.holdfast.node.bench.cluster.NodeCounters;
import dev.holdfast.node.bench.load.IdleExecutions;
import dev.holdfast.node.process.NodeProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What executions cost that do nothing: starts a node, starts and pauses so many executions of
 * three tasks, measures the heap that they take once their checkpoints have been taken, then kills
 * the node and measures how long it takes to come back with them.
 */
final class IdleBench {
  private static final int COLLECTION_SECONDS_MAX = 60;

  /** Longer than the age at which events are moved out of memory by a checkpoint. */
  private static final Duration SETTLE = Duration.ofSeconds(75);

  /**
   * What was measured.
   *
   * @param heapBytesPerExecution growth of the used heap after a collection, for each
   * @param readyMsEmpty from the JVM's start until ready, on an empty folder
   * @param readyMsLoaded the same with all of them to load, after a {@code kill -9}
   */
  record Report(
      int executions,
      long heapBytesPerExecution,
      long nodeRssMiB,
      long storeBytes,
      long readyMsEmpty,
      long readyMsLoaded) {}

  private final Path home;
  private final String heap;
  private final PrintWriter progress;

  /**
   * @param home the folder that the launcher is in
   * @param heap the node's {@code -Xmx}
   */
  IdleBench(Path home, String heap, PrintWriter progress) {
    this.home = home;
    this.heap = heap;
    this.progress = progress;
  }

  Report run(Path folder, int executions) throws IOException, InterruptedException {
    Path data = folder.resolve("data");
    long before;
    long after;
    long rss;
    long readyEmpty;
    try (var node = start(folder, data)) {
      readyEmpty = node.readyMillis();
      progress.printf("node ready in %d ms%n", readyEmpty);
      before = usedHeap(node);
      fill(node, executions);
      progress.printf("waiting %d s for the checkpoints%n", SETTLE.toSeconds());
      TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
      after = usedHeap(node);
      rss = node.process().residentBytes() >> 20;
      node.process().kill();
    }
    try (var node = start(folder, data)) {
      return new Report(
          executions,
          (after - before) / executions,
          rss,
          Bench.sizeBytes(data),
          readyEmpty,
          node.readyMillis());
    }
  }

  private NodeProcess start(Path folder, Path data) {
    var arguments =
        List.of(
            "--data",
            data.toString(),
            "--http-port",
            "0",
            "--port",
            "0",
            "--cluster-name",
            folder.getFileName().toString());
    return NodeProcess.start(
        home, arguments, folder.resolve("node.log"), Map.of("HOLDFAST_JAVA_OPTS", "-Xmx" + heap));
  }

  private void fill(NodeProcess node, int executions) throws InterruptedException {
    try (var holdfast =
        HoldfastClient.builder()
            .addresses(node.member())
            .clusterName(node.clusterName())
            .connect()) {
      IdleExecutions.fill(holdfast, executions, progress);
    }
  }

  /** The node's used heap after a full collection, in bytes; the least of a few looks. */
  private static long usedHeap(NodeProcess node) throws IOException, InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      collect(node.process().pid());
      least = Math.min(least, NodeCounters.usedHeap(node.http()));
    }
    return least;
  }

  private static void collect(long pid) throws IOException, InterruptedException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, String.valueOf(pid), "GC.run")
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    if (!process.waitFor(COLLECTION_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("jcmd could not have the node's heap collected");
    }
  }
}
