package dev.holdfast.cli;

import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.EventWords;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import dev.holdfast.cli.output.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a history is printed. */
public final class HistoryOptions {
  @Option(
      names = "--after",
      paramLabel = "SEQ",
      defaultValue = "0",
      description = "Only events after this number.")
  private long after;

  /**
   * Prints the events.
   *
   * @param path of what has the history
   * @param fields of events that have columns of their own, beside those that all have
   */
  public void print(
      ApiClient api, String path, List<String> fields, EventWords words, Output output) {
    List<Map<String, @Nullable Object>> events = api.history(path, after);
    if (output.json()) {
      output.pretty(Map.of("items", events));
      return;
    }
    List<String> columns =
        Stream.of(List.of("seq", "at", "event"), fields, List.of("by", "what"))
            .flatMap(List::stream)
            .map(column -> column.toUpperCase(Locale.ROOT))
            .toList();
    Table table = new Table(columns.toArray(String[]::new));
    for (Map<String, @Nullable Object> event : events) {
      var cells = new ArrayList<@Nullable Object>(columns.size());
      cells.add(event.get("seq"));
      cells.add(Times.clock(Instant.parse(String.valueOf(event.get("at"))), output.zone()));
      cells.add(event.get("type"));
      fields.forEach(field -> cells.add(event.get(field)));
      cells.add(event.get("by"));
      cells.add(words.of(event));
      table.row(cells.toArray());
    }
    output.table(table);
  }
}
