package dev.holdfast.node.bench.load;

import dev.holdfast.node.process.ChildProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The bench's worker in a process of its own: one agent that is connected to all members. */
public final class WorkerProcess implements AutoCloseable {
  private final ChildProcess process;

  private WorkerProcess(ChildProcess process) {
    this.process = process;
  }

  /**
   * Starts it, and waits until its agent takes tasks.
   *
   * @param home the folder that the launcher is in
   * @param members host and port of each
   */
  public static WorkerProcess start(
      Path home, List<String> members, String clusterName, int concurrency, Path log) {
    var process =
        ChildProcess.start(
            home,
            List.of(
                "bench-worker",
                "--members",
                String.join(",", members),
                "--cluster-name",
                clusterName,
                "--concurrency",
                String.valueOf(concurrency)),
            log,
            Map.of());
    try {
      process.readLine();
      return new WorkerProcess(process);
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** Forgets what was measured; handlers wait for so long from now on. */
  public void reset(int taskMillis) {
    process.writeLine("reset " + taskMillis);
    process.readLine();
  }

  /** What was measured since the last reset. */
  public BenchWorkerCommand.Report report() {
    process.writeLine("report");
    return new JsonMapper().readValue(process.readLine(), BenchWorkerCommand.Report.class);
  }

  @Override
  public void close() {
    process.close();
  }
}
