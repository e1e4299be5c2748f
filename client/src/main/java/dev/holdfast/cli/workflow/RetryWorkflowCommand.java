package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code workflow retry}. */
@Command(name = "retry", description = "Run a failed workflow on from its failed tasks.")
final class RetryWorkflowCommand extends ExecutionCommand {
  @Option(names = "--task", paramLabel = "TASK", description = "Only this failed task.")
  private @Nullable String task;

  @Override
  protected int run(ApiClient api, Output output) {
    control(api, output, "retry", fields("task", task));
    return ExitCode.DONE;
  }
}
