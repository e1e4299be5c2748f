package dev.holdfast.node.bench;

import dev.holdfast.client.HoldfastClient;
import dev.holdfast.journal.sqlite.AppendLimit;
import dev.holdfast.node.process.ChildProcess;
import dev.holdfast.node.process.NodeProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One run of the bench: starts a node and a worker on a temporary folder, measures, cleans up. */
final class Bench {
  private static final Duration UNBOUNDED = Duration.ofDays(1);

  private static final long LIMIT_NANOS = Duration.ofSeconds(3).toNanos();

  private final Path home;
  private final BenchOptions options;
  private final PrintWriter progress;

  /**
   * @param home the folder that the launcher is in
   * @param progress told what is going on, a line a step
   */
  Bench(Path home, BenchOptions options, PrintWriter progress) {
    this.home = home;
    this.options = options;
    this.progress = progress;
  }

  BenchReport run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("holdfast-bench-");
    try {
      return run(folder);
    } finally {
      delete(folder);
    }
  }

  private BenchReport run(Path folder) throws InterruptedException, IOException {
    Path data = folder.resolve("data");
    String cluster = folder.getFileName().toString();
    var arguments =
        new ArrayList<>(
            List.of(
                "--data",
                data.toString(),
                "--http-port",
                "0",
                "--port",
                "0",
                "--store",
                options.store(),
                "--cluster-name",
                cluster));
    if (options.storeUrl() != null) {
      arguments.addAll(List.of("--store-url", options.storeUrl()));
    }
    try (var node = NodeProcess.start(home, arguments, folder.resolve("node.log"), Map.of());
        var worker = startWorker(node, folder.resolve("worker.log"));
        var holdfast =
            HoldfastClient.builder().addresses(node.member()).clusterName(cluster).connect()) {
      progress.printf("node ready in %d ms%n", node.readyMillis());
      holdfast.register(BenchDefinition.source(options.tasks()));
      var input = BenchDefinition.payload(options.payloadBytes());
      progress.printf("warm-up of %d s%n", options.warmUp().toSeconds());
      command(worker, "reset 0");
      new BenchDriver(holdfast, input, options.concurrency(), Duration.ZERO)
          .run(Integer.MAX_VALUE, options.warmUp());
      progress.printf("measuring%n");
      command(worker, "reset " + options.taskMillis());
      var before = NodeCounters.read(node.http());
      var driver =
          new BenchDriver(holdfast, input, options.concurrency(), options.startInterval())
              .run(options.workflows(), UNBOUNDED);
      var counted = NodeCounters.read(node.http()).since(before);
      var report = report(driver, node, command(worker, "report"), data);
      return options.limits() ? report.with(limits(counted, driver.seconds(), folder)) : report;
    }
  }

  private Limits limits(NodeCounters run, double seconds, Path folder) throws InterruptedException {
    progress.printf("measuring SQLite and Hazelcast alone%n");
    double rowsPerCommit = run.entries() / Math.max(1, run.commits());
    double rows = run.entries() / seconds;
    double sqlite =
        AppendLimit.rowsPerSecond(
            folder,
            (int) Math.ceil(run.payloadBytes() / Math.max(1, run.entries())),
            (int) Math.max(1, Math.round(rowsPerCommit)),
            LIMIT_NANOS);
    double calls = EntryProcessorLimit.callsPerSecond(LIMIT_NANOS);
    return new Limits(rows, rowsPerCommit, sqlite, rows / sqlite, rows, calls, rows / calls);
  }

  private ChildProcess startWorker(NodeProcess node, Path log) {
    var worker =
        ChildProcess.start(
            home,
            List.of(
                "bench-worker",
                "--member",
                node.member(),
                "--cluster-name",
                node.clusterName(),
                "--concurrency",
                String.valueOf(options.concurrency())),
            log,
            Map.of());
    worker.readLine();
    return worker;
  }

  private static String command(ChildProcess worker, String line) {
    worker.writeLine(line);
    return worker.readLine();
  }

  private BenchReport report(BenchDriver driver, NodeProcess node, String workerReport, Path data)
      throws IOException, InterruptedException {
    var worker = new JsonMapper().readValue(workerReport, BenchWorkerCommand.Report.class);
    int completed = driver.completed.get();
    int failed = driver.failed.get();
    long tasksNotSeen = Math.max(0, (long) completed * options.tasks() - worker.tasks());
    return new BenchReport(
        options.workflows(),
        options.tasks(),
        options.store(),
        1,
        !options.store().equals("memory"),
        driver.seconds(),
        completed / driver.seconds(),
        (double) completed * options.tasks() / driver.seconds(),
        driver.start.toMap(),
        Latencies.decode(worker.routing()).toMap(),
        driver.endToEnd.toMap(),
        completed,
        failed,
        Math.toIntExact(driver.acknowledged.get() - completed - failed + tasksNotSeen),
        Math.toIntExact(worker.calls() - worker.tasks()),
        node.residentBytes() / (double) (1 << 20),
        options.store().equals("postgres") ? NodeCounters.storeBytes(node.http()) : sizeBytes(data),
        null);
  }

  static long sizeBytes(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      // The memory store keeps nothing.
      return 0;
    }
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
