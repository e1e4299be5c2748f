package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code workflow cancel}. */
@Command(name = "cancel", description = "End it now; running tasks are taken back.")
final class CancelWorkflowCommand extends ExecutionCommand {
  @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the history.")
  private @Nullable String reason;

  @Override
  protected int run(ApiClient api, Output output) {
    control(api, output, "cancel", fields("reason", reason));
    return ExitCode.DONE;
  }
}
