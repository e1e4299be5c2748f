package dev.holdfast.cli.workflow;

import dev.holdfast.api.ExecutionSummary;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import dev.holdfast.cli.output.Times;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code workflow list}. */
@Command(name = "list", description = "List workflows, newest first.")
final class ListWorkflowsCommand extends ApiCommand {
  @Mixin private ListOptions options;

  @Override
  protected int run(ApiClient api, Output output) {
    output.list(
        options.fetch(api),
        ExecutionSummary.class,
        new Table("ID", "DEFINITION", "STATUS", "STARTED", "TOOK", "ERROR"),
        (execution, table) ->
            table.row(
                execution.id(),
                execution.definition() + " v" + execution.version(),
                execution.status(),
                output.ago(execution.startedAt()),
                took(execution, output),
                execution.error()));
    return ExitCode.DONE;
  }

  private static String took(ExecutionSummary execution, Output output) {
    Instant end = execution.endedAt() == null ? output.now() : execution.endedAt();
    return Times.duration(Duration.between(execution.startedAt(), end));
  }
}
