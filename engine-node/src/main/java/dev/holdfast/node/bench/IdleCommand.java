package dev.holdfast.node.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code holdfast bench idle}: what paused executions cost in memory and at a node's start. */
@Command(
    name = "idle",
    description = "Measures what paused executions cost: heap, and time to load after a kill.",
    mixinStandardHelpOptions = true)
final class IdleCommand implements Callable<Integer> {
  private static final int EXECUTIONS_MAX = 10_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--executions",
      paramLabel = "N",
      defaultValue = "200000",
      description = "How many of them, of three tasks each (${DEFAULT-VALUE}).")
  private int executions;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "1g",
      description = "The node's heap at most, as for -Xmx (${DEFAULT-VALUE}).")
  private String heap = "1g";

  @Option(names = "--json", description = "One JSON object on stdout instead of a table.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (executions < 1 || executions > EXECUTIONS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--executions must be 1 to " + EXECUTIONS_MAX);
    }
    PrintWriter out = spec.commandLine().getOut();
    Path folder = Files.createTempDirectory("holdfast-bench-");
    try {
      var bench = new IdleBench(BenchCommand.home(spec), heap, new PrintWriter(System.err, true));
      IdleBench.Report report = bench.run(folder, executions);
      out.print(json ? new JsonMapper().writeValueAsString(report) + '\n' : table(report));
      out.flush();
      return 0;
    } finally {
      Bench.delete(folder);
    }
  }

  private static String table(IdleBench.Report report) {
    return """
    executions            %,d paused, three tasks each
    heap of each          %,d bytes
    node                  %,d MiB resident
    store                 %,d bytes
    ready, empty          %,d ms
    ready with all        %,d ms after kill -9
    """
        .formatted(
            report.executions(),
            report.heapBytesPerExecution(),
            report.nodeRssMiB(),
            report.storeBytes(),
            report.readyMsEmpty(),
            report.readyMsLoaded());
  }
}
