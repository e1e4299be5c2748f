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

/** {@code holdfast bench rolling}: what callers notice of rolling restarts. */
@Command(
    name = "rolling",
    description = "Stops and starts one member after the other under load: failed, slowest calls.",
    mixinStandardHelpOptions = true)
final class RollingCommand implements Callable<Integer> {
  private static final int MEMBERS_DEFAULT = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private MemberOptions members = new MemberOptions();

  @Mixin private LoadOptions load = new LoadOptions();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often each member is restarted (${DEFAULT-VALUE}).")
  private int rounds;

  @Mixin private ReportOptions output = new ReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    members.check(spec, MEMBERS_DEFAULT);
    load.check(spec);
    if (rounds < 1) {
      throw new ParameterException(spec.commandLine(), "--rounds must be 1 or more");
    }
    var layout = Layout.of(members.count(MEMBERS_DEFAULT), members.store(), members.storeUrl());
    var progress = new PrintWriter(System.err, true);
    var bench = new RollingBench(new UnderLoad(BenchCommand.home(spec), layout, load, progress));
    RollingBench.Report report = Bench.onFolder(progress, folder -> bench.run(folder, rounds));
    output.print(spec, report, RollingCommand::table);
    return report.lost() == 0 && report.failedCalls() == 0 ? 0 : 1;
  }

  private static String table(RollingBench.Report report) {
    String text =
        String.format(
            Locale.ROOT,
            """
            %d restarts of %d members, store %s
              %,d client calls, %d failed, the slowest took %.0f ms
              SIGTERM until a member has ended   p50 %s ms   max %s ms
              start until all are ready again    p50 %s ms   max %s ms
              start p50 %.1f p99 %.1f max %.0f ms   view p50 %.1f p99 %.1f max %.0f ms
              completed %,d   failed %d   lost %d   handler calls beyond one a task %d
            """,
            report.restarts(),
            report.members(),
            report.store(),
            report.calls(),
            report.failedCalls(),
            report.slowestCallMs(),
            report.leaveMs().get("p50"),
            report.leaveMs().get("max"),
            report.returnMs().get("p50"),
            report.returnMs().get("max"),
            report.startMs().get("p50"),
            report.startMs().get("p99"),
            report.startMs().get("max"),
            report.viewMs().get("p50"),
            report.viewMs().get("p99"),
            report.viewMs().get("max"),
            report.completed(),
            report.failed(),
            report.lost(),
            report.duplicated());
    return report.failures().isEmpty() ? text : text + String.join("\n", report.failures()) + '\n';
  }
}
