package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code workflow resume}. */
@Command(
    name = "resume",
    description =
        "Go on from exactly where the pause stopped; what speaks against it is said, each reason"
            + " on a line.")
final class ResumeWorkflowCommand extends ExecutionCommand {
  @Option(names = "--force", description = "Pass over warnings, never over errors.")
  private boolean force;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the history.")
  private @Nullable String reason;

  @Override
  protected int run(ApiClient api, Output output) {
    control(api, output, "resume", fields("force", force, "reason", reason));
    return ExitCode.DONE;
  }
}
