package dev.holdfast.node.bench;

import dev.holdfast.client.HoldfastClient;
import dev.holdfast.journal.sqlite.AppendLimit;
import dev.holdfast.node.bench.cluster.BenchCluster;
import dev.holdfast.node.bench.cluster.BenchCluster.Layout;
import dev.holdfast.node.bench.cluster.BenchMember;
import dev.holdfast.node.bench.cluster.NodeCounters;
import dev.holdfast.node.bench.load.BenchDefinition;
import dev.holdfast.node.bench.load.BenchDriver;
import dev.holdfast.node.bench.load.Latencies;
import dev.holdfast.node.bench.load.WorkerProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One run of the bench: starts members and a worker on a temporary folder, measures, cleans up. */
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
    return onFolder(progress, this::run);
  }

  private BenchReport run(Path folder) throws InterruptedException, IOException {
    Layout layout = Layout.of(options.members(), options.store(), options.storeUrl());
    try (var cluster = new BenchCluster(home, folder, layout)) {
      long readyMillis = cluster.start();
      progress.printf("%d member(s) ready in %d ms%n", options.members(), readyMillis);
      try (var worker = startWorker(cluster, folder);
          var holdfast = cluster.connect()) {
        return run(folder, cluster, worker, holdfast);
      }
    }
  }

  private BenchReport run(
      Path folder, BenchCluster cluster, WorkerProcess worker, HoldfastClient holdfast)
      throws InterruptedException, IOException {
    holdfast.register(BenchDefinition.source(options.tasks()));
    var input = BenchDefinition.payload(options.payloadBytes());
    progress.printf("warm-up of %d s%n", options.warmUp().toSeconds());
    worker.reset(0);
    new BenchDriver(holdfast, input, options.concurrency(), Duration.ZERO)
        .run(Integer.MAX_VALUE, options.warmUp());
    progress.printf("measuring%n");
    worker.reset(options.taskMillis());
    NodeCounters before = cluster.counters();
    List<Long> cpuBefore = cpuMillis(cluster);
    var driver =
        new BenchDriver(holdfast, input, options.concurrency(), options.startInterval())
            .run(options.workflows(), UNBOUNDED);
    List<Long> cpuAfter = cpuMillis(cluster);
    NodeCounters counted = cluster.counters().since(before);
    var cpuMsPerTask = new ArrayList<Double>();
    for (int i = 0; i < cpuAfter.size(); i++) {
      double millis = cpuAfter.get(i) - cpuBefore.get(i);
      cpuMsPerTask.add(millis / Math.max(1, (long) driver.completed() * options.tasks()));
    }
    var report = report(driver, cluster, worker, cpuMsPerTask);
    return options.limits() ? report.with(limits(counted, driver.seconds(), folder)) : report;
  }

  private static List<Long> cpuMillis(BenchCluster cluster) {
    return cluster.members().stream().map(BenchMember::cpuMillis).toList();
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

  private WorkerProcess startWorker(BenchCluster cluster, Path folder) {
    return WorkerProcess.start(
        home,
        cluster.addresses(),
        cluster.name(),
        options.concurrency(),
        folder.resolve("worker.log"));
  }

  private BenchReport report(
      BenchDriver driver, BenchCluster cluster, WorkerProcess process, List<Double> cpuMsPerTask)
      throws IOException, InterruptedException {
    var worker = process.report();
    int completed = driver.completed();
    int failed = driver.failed();
    long tasksNotSeen = Math.max(0, (long) completed * options.tasks() - worker.tasks());
    List<Double> resident =
        cluster.members().stream()
            .map(member -> member.residentBytes() / (double) (1 << 20))
            .toList();
    return new BenchReport(
        options.workflows(),
        options.tasks(),
        options.store(),
        options.members(),
        !options.store().equals("memory"),
        driver.seconds(),
        completed / driver.seconds(),
        (double) completed * options.tasks() / driver.seconds(),
        driver.start().toMap(),
        Latencies.decode(worker.routing()).toMap(),
        driver.endToEnd().toMap(),
        completed,
        failed,
        Math.toIntExact(driver.acknowledged() - completed - failed + tasksNotSeen),
        Math.toIntExact(worker.calls() - worker.tasks()),
        resident.stream().mapToDouble(mib -> mib).sum(),
        resident,
        cpuMsPerTask,
        storeBytes(cluster),
        null);
  }

  private long storeBytes(BenchCluster cluster) throws IOException, InterruptedException {
    if (options.store().equals("postgres")) {
      // One database for all members.
      return NodeCounters.storeBytes(cluster.members().getFirst().http());
    }
    long bytes = 0;
    for (Path data : cluster.data()) {
      bytes += sizeBytes(data);
    }
    return bytes;
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

  /** A folder for everything that a run writes, which is kept when the run fails. */
  static <T> T onFolder(PrintWriter progress, Run<T> run) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("holdfast-bench-");
    try {
      T result = run.on(folder);
      delete(folder);
      return result;
    } catch (RuntimeException e) {
      progress.printf("what was written, logs among it, is kept in %s%n", folder);
      throw e;
    }
  }

  /** A run on a folder. */
  interface Run<T> {
    T on(Path folder) throws IOException, InterruptedException;
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
