package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code workflow pause}. */
@Command(
    name = "pause",
    description = "Stop handing out tasks; those that run may finish, unless --immediate.")
final class PauseWorkflowCommand extends ExecutionCommand {
  @Option(names = "--immediate", description = "Take running tasks back at once.")
  private boolean immediate;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the history.")
  private @Nullable String reason;

  @Option(
      names = "--auto-resume-after",
      paramLabel = "TIME",
      description = "Go on by itself after so long, such as 48h. Default: 24h.")
  private @Nullable String autoResumeAfter;

  @Override
  protected int run(ApiClient api, Output output) {
    String mode = immediate ? "immediate" : "graceful";
    control(
        api,
        output,
        "pause",
        fields("mode", mode, "reason", reason, "autoResumeAfter", autoResumeAfter));
    return ExitCode.DONE;
  }
}
