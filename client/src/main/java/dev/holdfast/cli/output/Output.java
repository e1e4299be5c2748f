package dev.holdfast.cli.output;

import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.Json;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command prints.
 *
 * @param json whether JSON is wanted and nothing else
 */
public record Output(PrintWriter out, PrintWriter err, Ansi ansi, boolean json) {
  private static final InstantSource CLOCK = InstantSource.system();

  public void line(String text) {
    out.println(text);
    out.flush();
  }

  /** A remark that is no part of the result. */
  public void remark(String text) {
    err.println(text);
    err.flush();
  }

  public void pretty(@Nullable Object value) {
    line(Json.pretty(value));
  }

  /**
   * What a node has answered: as it is where JSON is wanted, otherwise as it is printed for people.
   */
  public <T> void answer(
      Map<String, @Nullable Object> answer, Class<T> type, BiConsumer<T, Output> print) {
    if (json) {
      pretty(answer);
    } else {
      print.accept(Json.as(answer, type), this);
    }
  }

  /**
   * An answer with {@code items}: as it is where JSON is wanted, otherwise as a table.
   *
   * @param row adds an item to it
   */
  public <T> void list(
      Map<String, @Nullable Object> answer, Class<T> type, Table table, BiConsumer<T, Table> row) {
    if (json) {
      pretty(answer);
    } else {
      ApiClient.items(answer).forEach(item -> row.accept(Json.as(item, type), table));
      table(table);
    }
  }

  public void table(Table table) {
    table.lines(ansi).forEach(out::println);
    out.flush();
  }

  /** A name and its value, aligned with others. */
  public void field(String name, @Nullable Object value) {
    if (value != null && !value.toString().isEmpty()) {
      line(String.format("%-12s %s", name, Colours.status(value.toString(), ansi)));
    }
  }

  public Instant now() {
    return CLOCK.instant();
  }

  public ZoneId zone() {
    return ZoneId.systemDefault();
  }

  /** When that was, seen from now. */
  public String ago(@Nullable Instant time) {
    return Times.relative(time, now(), zone());
  }
}
