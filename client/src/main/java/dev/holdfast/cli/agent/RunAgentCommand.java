package dev.holdfast.cli.agent;

import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code agent run}: makes a shell command an agent. */
@Command(
    name = "run",
    description = {
      "Make a shell command an agent: it is run for each task, with the input as JSON on standard"
          + " input, and prints the output as JSON.",
      "A non-zero exit code N fails the attempt with type exit-N and the end of standard error.",
      "In its environment: HOLDFAST_EXECUTION, HOLDFAST_TASK, HOLDFAST_ATTEMPT."
    })
final class RunAgentCommand extends ApiCommand {
  private static final int CONCURRENCY_MAX = 1000;

  @Option(
      names = "--capability",
      paramLabel = "NAME",
      required = true,
      description = "Which tasks it takes: their 'agent'; may be repeated.")
  private List<String> capabilities = List.of();

  @Option(names = "--exec", paramLabel = "COMMAND", required = true, description = "For sh -c.")
  private String command = "";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "1",
      description = "Tasks at once. Default: 1.")
  private int concurrency;

  @Option(
      names = "--label",
      paramLabel = "K=V",
      description = "What tasks' 'requires' are matched against; may be repeated.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--worker",
      paramLabel = "NAME",
      description = "Its name in the history. Default: host and process id.")
  private @Nullable String worker;

  @Option(
      names = "--result",
      description =
          "The command prints the whole result, an object {output?, spawn?, pause?}, instead of the"
              + " output alone.")
  private boolean wholeResult;

  @Override
  protected int run(ApiClient api, Output output) throws InterruptedException {
    if (concurrency < 1 || concurrency > CONCURRENCY_MAX) {
      throw usage("--concurrency must be 1 to " + CONCURRENCY_MAX + ": " + concurrency);
    }
    String name = worker == null ? defaultName() : worker;
    var agent =
        new ShellAgent(
            api,
            output,
            new ShellTask(command, api.tenant(), wholeResult),
            name,
            capabilities,
            labels,
            concurrency);
    Thread stop = Thread.ofPlatform().unstarted(agent::stop);
    Runtime.getRuntime().addShutdownHook(stop);
    if (!output.json()) {
      output.remark(
          "agent "
              + name
              + " takes tasks of "
              + String.join(", ", capabilities)
              + "; ends with Ctrl-C");
    }
    agent.run();
    return ExitCode.DONE;
  }

  private static String defaultName() {
    return System.getenv().getOrDefault("HOSTNAME", "shell") + '-' + ProcessHandle.current().pid();
  }
}
