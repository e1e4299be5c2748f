package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code workflow signal}. */
@Command(name = "signal", description = "Tell a workflow something that a task waits for, or will.")
final class SignalWorkflowCommand extends ExecutionCommand {
  @Parameters(index = "1", paramLabel = "NAME", description = "The signal's name.")
  private String name = "";

  @Option(
      names = "--input",
      paramLabel = "JSON|@FILE",
      description =
          "What it brings, an object; @FILE reads it from a file, @- from standard input.")
  private @Nullable String input;

  @Option(
      names = "--signal-id",
      paramLabel = "ID",
      description = "The same id again changes nothing. Default: one is made.")
  private @Nullable String signalId;

  @Override
  protected int run(ApiClient api, Output output) throws IOException {
    String query = signalId == null ? "" : ApiClient.query(Map.of("id", signalId));
    Object payload = input == null ? null : jsonArgument("--input", input);
    send(api, output, "signals/" + ApiClient.escaped(name) + query, payload);
    return ExitCode.DONE;
  }
}
