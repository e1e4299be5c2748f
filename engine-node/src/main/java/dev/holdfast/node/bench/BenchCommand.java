package dev.holdfast.node.bench;

import dev.holdfast.api.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code holdfast bench}: measures a node of its own on this machine (CONTRACT §5). */
@Command(
    name = "bench",
    description = "Measures a node of its own: throughput, latencies, memory.",
    subcommands = IdleCommand.class,
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
  /** Workflows under way at once, unless told otherwise. */
  private static final int CONCURRENCY_DEFAULT = 500;

  private static final List<String> STORES = List.of("sqlite", "postgres", "memory");
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

  @Option(
      names = "--store",
      paramLabel = "KIND",
      defaultValue = "sqlite",
      description = "sqlite, postgres (with --store-url) or memory (${DEFAULT-VALUE}).")
  private String store = "sqlite";

  @Option(
      names = "--store-url",
      paramLabel = "URL",
      description =
          "The database of --store postgres: jdbc:postgresql://HOST/DATABASE, better an empty one."
              + " User and password as for the server, by HOLDFAST_STORE_USER and"
              + " HOLDFAST_STORE_PASSWORD.")
  private @Nullable String storeUrl;

  @Option(
      names = "--members",
      paramLabel = "N",
      defaultValue = "1",
      description = "Nodes of the cluster; 1 for now.")
  private int members;

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

  @Option(names = "--json", description = "One JSON object on stdout instead of a table.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOptions options = options();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = new PrintWriter(System.err, true);
    BenchReport report = new Bench(home(spec), options, progress).run();
    if (json) {
      out.println(new JsonMapper().writeValueAsString(report));
    } else {
      out.print(report.table());
    }
    out.flush();
    return report.failed() == 0 && report.lost() == 0 && report.duplicated() == 0 ? 0 : 1;
  }

  private BenchOptions options() {
    check(workflows >= 1, "--workflows must be 1 or more");
    check(tasks >= 1 && tasks <= TASKS_MAX, "--tasks must be 1 to " + TASKS_MAX);
    check(
        payloadBytes >= 0 && payloadBytes <= PAYLOAD_BYTES_MAX,
        "--payload must be 0 to " + PAYLOAD_BYTES_MAX);
    check(taskMillis >= 0 && taskMillis <= 60_000, "--task-ms must be 0 to 60000");
    check(STORES.contains(store), "--store must be one of " + STORES);
    check(
        !store.equals("postgres")
            || storeUrl != null
            || System.getenv("HOLDFAST_STORE_URL") != null,
        "--store postgres needs a database: --store-url jdbc:postgresql://HOST/DATABASE, and"
            + " HOLDFAST_STORE_USER and HOLDFAST_STORE_PASSWORD where it asks for them");
    check(members == 1, "--members: only 1 for now, a node of several members is not built yet");
    check(concurrency == null || concurrency >= 1, "--concurrency must be 1 or more");
    try {
      return new BenchOptions(
          workflows,
          tasks,
          atOnce(),
          payloadBytes,
          store,
          storeUrl,
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
