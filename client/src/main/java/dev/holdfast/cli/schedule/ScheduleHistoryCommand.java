package dev.holdfast.cli.schedule;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import dev.holdfast.cli.output.Times;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code schedule history}. */
@Command(name = "history", description = "Print a schedule's events: what came of its times.")
final class ScheduleHistoryCommand extends NamedScheduleCommand {
  /** Shown in columns of their own, or of no use to a reader. */
  private static final Set<String> NOT_SAID =
      Set.of("seq", "at", "type", "by", "hash", "epoch", "commandId");

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
    Table table = new Table("SEQ", "AT", "EVENT", "BY", "WHAT");
    for (Map<String, @Nullable Object> item : items) {
      table.row(
          item.get("seq"),
          Times.clock(Instant.parse(String.valueOf(item.get("at"))), output.zone()),
          item.get("type"),
          item.get("by"),
          what(item));
    }
    output.table(table);
    return ExitCode.DONE;
  }

  private static String what(Map<String, @Nullable Object> event) {
    StringJoiner words = new StringJoiner(" ");
    event.forEach((name, value) -> {
      if (value != null && !NOT_SAID.contains(name)) {
        words.add(name + '=' + (value instanceof String text ? text : Json.line(value)));
      }
    });
    return words.toString();
  }
}
