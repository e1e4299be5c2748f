package dev.holdfast.node.bench;

import dev.holdfast.node.bench.cluster.BenchCluster.Layout;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code holdfast bench migration}: how long members that join take to get their share. */
@Command(
    name = "migration",
    description = "Members join one that has idle executions: time until each has its share.",
    mixinStandardHelpOptions = true)
final class MigrationCommand implements Callable<Integer> {
  private static final int MEMBERS_DEFAULT = 3;
  private static final int EXECUTIONS_MAX = 10_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private MemberOptions members = new MemberOptions();

  @Option(
      names = "--executions",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Paused executions of three tasks each (${DEFAULT-VALUE}).")
  private int executions;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "1g",
      description = "Each member's heap at most, as for -Xmx (${DEFAULT-VALUE}).")
  private String heap = "1g";

  @Mixin private ReportOptions output = new ReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    members.check(spec, MEMBERS_DEFAULT - 1);
    if (executions < 1 || executions > EXECUTIONS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--executions must be 1 to " + EXECUTIONS_MAX);
    }
    // One member is enough for it to open: it begins alone.
    var layout =
        new Layout(
            members.count(MEMBERS_DEFAULT),
            1,
            members.store(),
            members.storeUrl(),
            Map.of("HOLDFAST_JAVA_OPTS", "-Xmx" + heap));
    var progress = new PrintWriter(System.err, true);
    var bench = new MigrationBench(BenchCommand.home(spec), layout, progress);
    MigrationBench.Report report =
        Bench.onFolder(progress, folder -> bench.run(folder, executions));
    output.print(spec, report, MigrationCommand::table);
    return report.unanswered() == 0 ? 0 : 1;
  }

  private static String table(MigrationBench.Report report) {
    return String.format(
        Locale.ROOT,
        """
        %,d paused executions, store %s, 1 member becomes %d
          each one's start until it had its share    %s ms
          of that, executions were on the move for   %s ms
          a look at one, meanwhile                   p50 %.1f   p99 %.1f   max %.0f ms
          a look at all of them, afterwards          %,d ms, %d unanswered
          owned in the end                           %s
          resident                                   %s MiB
        """,
        report.executions(),
        report.store(),
        report.members(),
        join(report.joinMs()),
        join(report.migrationMs()),
        report.viewMs().get("p50"),
        report.viewMs().get("p99"),
        report.viewMs().get("max"),
        report.sweepMs(),
        report.unanswered(),
        join(report.owned()),
        join(report.memberRssMiB().stream().map(Math::round).toList()));
  }

  private static String join(List<Long> numbers) {
    return numbers.stream()
        .map(number -> String.format(Locale.ROOT, "%,d", number))
        .collect(Collectors.joining(", "));
  }
}
