package dev.holdfast.node.bench;

import dev.holdfast.client.HoldfastClient;
import dev.holdfast.node.bench.cluster.BenchCluster;
import dev.holdfast.node.bench.cluster.BenchCluster.Layout;
import dev.holdfast.node.bench.load.BenchDefinition;
import dev.holdfast.node.bench.load.Load;
import dev.holdfast.node.bench.load.WorkerProcess;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * Members, workers and callers as processes and threads of a bench, while something is done to the
 * members.
 *
 * @param home of the program
 */
record UnderLoad(Path home, Layout layout, LoadOptions options, PrintWriter progress) {
  /** What is done to the members. */
  @FunctionalInterface
  interface Trial {
    void run(BenchCluster cluster, Load load, HoldfastClient holdfast) throws InterruptedException;
  }

  /**
   * What the load has come to.
   *
   * @param load has ended
   * @param lost acknowledged executions of which no end was heard
   * @param duplicated handler calls beyond one a task
   */
  record Seen(Load load, int lost, int duplicated) {}

  /**
   * Starts everything, runs the trial, and returns when the load has come to its end.
   *
   * @param folder for data and logs
   */
  Seen run(Path folder, Trial trial) throws InterruptedException {
    try (var cluster = new BenchCluster(home, folder, layout)) {
      progress.printf("%d members ready in %d ms%n", layout.members(), cluster.start());
      try (var worker =
              WorkerProcess.start(
                  home,
                  cluster.addresses(),
                  cluster.name(),
                  options.concurrency(),
                  folder.resolve("worker.log"));
          var holdfast = cluster.connect()) {
        holdfast.register(BenchDefinition.source(LoadOptions.TASKS));
        worker.reset(options.taskMillis());
        var input = BenchDefinition.payload(LoadOptions.PAYLOAD_BYTES);
        try (var load = new Load(holdfast, input, options.concurrency())) {
          trial.run(cluster, load, holdfast);
          int lost = load.finish();
          var handled = worker.report();
          return new Seen(load, lost, Math.toIntExact(handled.calls() - handled.tasks()));
        }
      }
    }
  }
}
