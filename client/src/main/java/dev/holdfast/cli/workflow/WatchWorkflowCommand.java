package dev.holdfast.cli.workflow;

import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import picocli.CommandLine.Command;

/** {@code workflow watch}. */
@Command(
    name = "watch",
    description = "Show a workflow's events until it has ended; exits 1 unless it completed.")
final class WatchWorkflowCommand extends ExecutionCommand {
  @Override
  protected int run(ApiClient api, Output output) {
    return new Watching(api, output).until(id());
  }
}
