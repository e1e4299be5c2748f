package dev.holdfast.node.bench;

import dev.holdfast.node.bench.cluster.BenchCluster.Layout;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code holdfast bench failover}: how long a member's death holds up what was under way on it. */
@Command(
    name = "failover",
    description =
        "Kills members under load: time until what was under way on them goes on elsewhere.",
    mixinStandardHelpOptions = true)
final class FailoverCommand implements Callable<Integer> {
  private static final int MEMBERS_DEFAULT = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private MemberOptions members = new MemberOptions();

  @Mixin private LoadOptions load = new LoadOptions();

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many members are killed, one after the other (${DEFAULT-VALUE}).")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Which members they are (${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private ReportOptions output = new ReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    members.check(spec, MEMBERS_DEFAULT);
    load.check(spec);
    if (kills < 1) {
      throw new ParameterException(spec.commandLine(), "--kills must be 1 or more");
    }
    var layout = Layout.of(members.count(MEMBERS_DEFAULT), members.store(), members.storeUrl());
    var progress = new PrintWriter(System.err, true);
    var underLoad = new UnderLoad(BenchCommand.home(spec), layout, load, progress);
    var bench = new FailoverBench(underLoad, seed);
    FailoverBench.Report report = Bench.onFolder(progress, folder -> bench.run(folder, kills));
    output.print(spec, report, FailoverCommand::table);
    return report.lost() == 0 && report.failedCalls() == 0 ? 0 : 1;
  }

  private static String table(FailoverBench.Report report) {
    String text =
        String.format(
            Locale.ROOT,
            """
            %d kills of %d members, store %s; %d executions were under way on them
              kill until the first of them ended   p50 %s ms   max %s ms
              kill until all of them had ended     p50 %s ms   max %s ms
              completed %,d   failed %d   lost %d   handler calls beyond one a task %d
              %,d client calls, %d failed   slowest start %.0f ms   slowest view %.0f ms
            """,
            report.kills(),
            report.members(),
            report.store(),
            report.affected(),
            report.firstMs().get("p50"),
            report.firstMs().get("max"),
            report.allMs().get("p50"),
            report.allMs().get("max"),
            report.completed(),
            report.failed(),
            report.lost(),
            report.duplicated(),
            report.calls(),
            report.failedCalls(),
            report.slowestStartMs(),
            report.slowestViewMs());
    return report.failures().isEmpty() ? text : text + String.join("\n", report.failures()) + '\n';
  }
}
