package dev.holdfast.node.bench;

import dev.holdfast.api.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code holdfast bench}: measures members of its own on this machine (CONTRACT §5). */
@Command(
    name = "bench",
    description =
        "Measures a cluster of its own on this machine: throughput, latencies, memory, CPU.",
    subcommands = {
      IdleCommand.class,
      FailoverCommand.class,
      RollingCommand.class,
      MigrationCommand.class
    },
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
  /** Workflows under way at once, unless told otherwise. */
  private static final int CONCURRENCY_DEFAULT = 500;

  private static final int TASKS_MAX = 1000;
  private static final int PAYLOAD_BYTES_MAX = 1 << 20;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--workflows",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Workflows to measure (${DEFAULT-VALUE}).")
  private int workflows;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      defaultValue = "3",
      description = "Tasks of each, one after the other (${DEFAULT-VALUE}).")
  private int tasks;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Workflows under way at once (500; with --task-ms: all of them).")
  private @Nullable Integer concurrency;

  @Option(
      names = "--payload",
      paramLabel = "BYTES",
      defaultValue = "200",
      description = "Of the input and of each output (${DEFAULT-VALUE}).")
  private int payloadBytes;

  @Mixin private MemberOptions members = new MemberOptions();

  @Option(names = "--serial", description = "One workflow at a time.")
  private boolean serial;

  @Option(
      names = "--task-ms",
      paramLabel = "N",
      defaultValue = "0",
      description = "How long each handler waits, in milliseconds (${DEFAULT-VALUE}).")
  private int taskMillis;

  @Option(
      names = "--burst",
      description =
          "With --task-ms: start all at once. Else the starts are spread over one handler's wait,"
              + " so that tasks don't all become ready in the same moment.")
  private boolean burst;

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      defaultValue = "20s",
      description = "How long the same is done before, unmeasured (${DEFAULT-VALUE}).")
  private String warmUp = "20s";

  @Option(
      names = "--limits",
      description = "Measure SQLite and Hazelcast alone afterwards, and the run's share of it.")
  private boolean limits;

  @Mixin private ReportOptions output = new ReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOptions options = options();
    PrintWriter progress = new PrintWriter(System.err, true);
    BenchReport report = new Bench(home(spec), options, progress).run();
    output.print(spec, report, BenchReport::table);
    return report.failed() == 0 && report.lost() == 0 && report.duplicated() == 0 ? 0 : 1;
  }

  private BenchOptions options() {
    check(workflows >= 1, "--workflows must be 1 or more");
    check(tasks >= 1 && tasks <= TASKS_MAX, "--tasks must be 1 to " + TASKS_MAX);
    check(
        payloadBytes >= 0 && payloadBytes <= PAYLOAD_BYTES_MAX,
        "--payload must be 0 to " + PAYLOAD_BYTES_MAX);
    check(taskMillis >= 0 && taskMillis <= 60_000, "--task-ms must be 0 to 60000");
    members.check(spec, 1);
    check(concurrency == null || concurrency >= 1, "--concurrency must be 1 or more");
    try {
      return new BenchOptions(
          workflows,
          tasks,
          atOnce(),
          payloadBytes,
          members.store(),
          members.storeUrl(),
          members.count(1),
          taskMillis,
          burst,
          Durations.parse(warmUp),
          limits);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--warm-up: " + e.getMessage(), e);
    }
  }

  private int atOnce() {
    if (serial) {
      return 1;
    }
    if (concurrency != null) {
      return concurrency;
    }
    return taskMillis > 0 ? workflows : Math.min(workflows, CONCURRENCY_DEFAULT);
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  /** The folder that the launcher is in. */
  static Path home(CommandSpec spec) {
    String home = System.getProperty("holdfast.home");
    if (home == null) {
      throw new ParameterException(
          spec.commandLine(), "the bench starts further processes: run it by ./holdfast bench");
    }
    return Path.of(home);
  }
}
