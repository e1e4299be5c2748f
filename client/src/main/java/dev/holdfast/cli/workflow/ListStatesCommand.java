package dev.holdfast.cli.workflow;

import dev.holdfast.api.ExecutionSummary;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code workflow state list}. */
@Command(name = "list", description = "List the states that are kept, newest first.")
final class ListStatesCommand extends ApiCommand {
  @Mixin private ListOptions options;

  @Override
  protected int run(ApiClient api, Output output) {
    List<Map<String, @Nullable Object>> items = options.fetch(api);
    if (output.json()) {
      output.pretty(Map.of("items", items));
      return ExitCode.DONE;
    }
    Table table = new Table("ID", "SESSION", "STATUS", "UPDATED", "ENDED");
    for (Map<String, @Nullable Object> item : items) {
      ExecutionSummary execution = ListOptions.summary(item);
      table.row(
          execution.id(),
          execution.session(),
          execution.status(),
          output.ago(execution.updatedAt()),
          output.ago(execution.endedAt()));
    }
    output.table(table);
    return ExitCode.DONE;
  }
}
