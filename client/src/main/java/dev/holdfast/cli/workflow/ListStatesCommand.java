package dev.holdfast.cli.workflow;

import dev.holdfast.api.ExecutionSummary;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code workflow state list}. */
@Command(name = "list", description = "List the states that are kept, newest first.")
final class ListStatesCommand extends ApiCommand {
  @Mixin private ListOptions options;

  @Override
  protected int run(ApiClient api, Output output) {
    output.list(
        options.fetch(api),
        ExecutionSummary.class,
        new Table("ID", "SESSION", "STATUS", "UPDATED", "ENDED"),
        (execution, table) ->
            table.row(
                execution.id(),
                execution.session(),
                execution.status(),
                output.ago(execution.updatedAt()),
                output.ago(execution.endedAt())));
    return ExitCode.DONE;
  }
}
