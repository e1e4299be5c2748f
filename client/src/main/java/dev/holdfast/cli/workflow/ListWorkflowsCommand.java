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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code workflow list}. */
@Command(name = "list", description = "List workflows, newest first.")
final class ListWorkflowsCommand extends ApiCommand {
  @Mixin private ListOptions options;

  @Override
  protected int run(ApiClient api, Output output) {
    List<Map<String, @Nullable Object>> items = options.fetch(api);
    if (output.json()) {
      output.pretty(Map.of("items", items));
      return ExitCode.DONE;
    }
    Table table = new Table("ID", "DEFINITION", "STATUS", "STARTED", "TOOK", "ERROR");
    for (Map<String, @Nullable Object> item : items) {
      ExecutionSummary execution = ListOptions.summary(item);
      Instant end = execution.endedAt() == null ? output.now() : execution.endedAt();
      table.row(
          execution.id(),
          execution.definition() + " v" + execution.version(),
          execution.status(),
          output.ago(execution.startedAt()),
          Times.duration(Duration.between(execution.startedAt(), end)),
          execution.error());
    }
    output.table(table);
    return ExitCode.DONE;
  }
}
