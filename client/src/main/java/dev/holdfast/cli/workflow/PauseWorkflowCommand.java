package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code workflow pause}. */
@Command(
    name = "pause",
    description = "Stop handing out tasks; those that run may finish, unless --immediate.")
final class PauseWorkflowCommand extends ExecutionCommand {
  @Mixin private PauseOptions options;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the history.")
  private @Nullable String reason;

  @Override
  protected int run(ApiClient api, Output output) {
    Map<String, @Nullable Object> fields = options.fields();
    fields.put("reason", reason);
    control(api, output, "pause", fields);
    return ExitCode.DONE;
  }
}
