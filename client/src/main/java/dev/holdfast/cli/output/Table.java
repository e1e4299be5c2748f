package dev.holdfast.cli.output;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Rows under headings, each column as wide as it has to be. Not thread-safe. */
public final class Table {
  private static final String GAP = "  ";
  private static final int CELL_CHARS_MAX = 80;

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  /** Adds a row; null cells are empty. */
  public Table row(@Nullable Object... cells) {
    List<String> row = new ArrayList<>(cells.length);
    for (Object cell : cells) {
      row.add(cell == null ? "" : shortened(cell.toString()));
    }
    rows.add(row);
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The lines, headings first; known statuses in colour where {@code ansi} has colours. */
  public List<String> lines(Ansi ansi) {
    int[] widths = new int[headings.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = headings.get(column).length();
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    List<String> lines = new ArrayList<>(rows.size() + 1);
    lines.add(line(headings, widths, ansi, false));
    rows.forEach(row -> lines.add(line(row, widths, ansi, true)));
    return lines;
  }

  private static String line(List<String> cells, int[] widths, Ansi ansi, boolean coloured) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      boolean last = column == widths.length - 1;
      String padding = last ? "" : " ".repeat(widths[column] - cell.length()) + GAP;
      line.append(coloured ? Colours.status(cell, ansi) : cell).append(padding);
    }
    return line.toString().stripTrailing();
  }

  private static String shortened(String cell) {
    String oneLine = cell.replaceAll("\\R", " ");
    return oneLine.length() <= CELL_CHARS_MAX
        ? oneLine
        : oneLine.substring(0, CELL_CHARS_MAX - 1) + "…";
  }
}
