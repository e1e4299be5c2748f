package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.HistoryOptions;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code workflow history}. */
@Command(name = "history", description = "Print a workflow's events: who did what, and when.")
final class HistoryCommand extends ExecutionCommand {
  @Mixin private HistoryOptions options;

  @Override
  protected int run(ApiClient api, Output output) {
    options.print(api, path(), List.of("task"), Events.WORDS, output);
    return ExitCode.DONE;
  }
}
