package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code workflow approve}. */
@Command(
    name = "approve",
    description = "Let a task pass that awaits approval; with --reject, fail it.")
final class ApproveTaskCommand extends ExecutionCommand {
  @Parameters(index = "1", paramLabel = "TASK", description = "The task's id.")
  private String task = "";

  @Option(names = "--reject", description = "Don't let it pass.")
  private boolean reject;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the history.")
  private @Nullable String reason;

  @Option(
      names = "--output",
      paramLabel = "JSON|@FILE",
      description = "The task's output, so that its agent isn't asked; with --reject, details.")
  private @Nullable String result;

  @Override
  protected int run(ApiClient api, Output output) throws IOException {
    Object given = result == null ? null : jsonArgument("--output", result);
    var body = fields("approved", !reject, "reason", reason, "output", given);
    body.values().removeIf(value -> value == null);
    send(api, output, "tasks/" + ApiClient.escaped(task) + "/approve", body);
    return ExitCode.DONE;
  }
}
