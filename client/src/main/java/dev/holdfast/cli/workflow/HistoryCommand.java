package dev.holdfast.cli.workflow;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import dev.holdfast.cli.output.Times;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code workflow history}. */
@Command(name = "history", description = "Print a workflow's events: who did what, and when.")
final class HistoryCommand extends ExecutionCommand {
  @Option(
      names = "--after",
      paramLabel = "SEQ",
      defaultValue = "0",
      description = "Only events after this number.")
  private long after;

  @Override
  protected int run(ApiClient api, Output output) {
    List<Map<String, @Nullable Object>> items = api.history(path(), after);
    if (output.json()) {
      output.pretty(Map.of("items", items));
      return ExitCode.DONE;
    }
    Table table = new Table("SEQ", "AT", "EVENT", "TASK", "BY", "WHAT");
    for (Map<String, @Nullable Object> item : items) {
      table.row(
          item.get("seq"),
          Times.clock(Instant.parse(String.valueOf(item.get("at"))), output.zone()),
          item.get("type"),
          item.get("task"),
          item.get("by"),
          Events.what(item));
    }
    output.table(table);
    return ExitCode.DONE;
  }
}
