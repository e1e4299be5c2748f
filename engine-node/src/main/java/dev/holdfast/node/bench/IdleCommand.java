package dev.holdfast.node.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

  @Mixin private ReportOptions output = new ReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (executions < 1 || executions > EXECUTIONS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--executions must be 1 to " + EXECUTIONS_MAX);
    }
    var progress = new PrintWriter(System.err, true);
    var bench = new IdleBench(BenchCommand.home(spec), heap, progress);
    IdleBench.Report report = Bench.onFolder(progress, folder -> bench.run(folder, executions));
    output.print(spec, report, IdleCommand::table);
    return 0;
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
