package dev.holdfast.core;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.TransitionTable.Nothing;
import dev.holdfast.core.TransitionTable.Refused;
import dev.holdfast.core.TransitionTable.Row;
import dev.holdfast.core.TransitionTable.To;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** docs/STATES.md, from the table that the tests go through. */
final class StatesPage {
  private static final String NONE = "(none)";

  private StatesPage() {}

  /** All moves that the table's rows make. */
  static Moves moves() {
    var moves = new Moves();
    Stream.concat(TransitionTable.ofExecutions().stream(), TransitionTable.ofTasks().stream())
        .forEach(row -> row.given().replay(moves, row.command()));
    TransitionTable.otherPaths().forEach(path -> path.replay(moves, null));
    return moves;
  }

  static String render() {
    Moves moves = moves();
    var page = new StringBuilder();
    page.append(
        """
        # States

        What each command does in each status. This page is written by the test that tries every
        one of these cells (`TransitionTableTest`); don't edit it, run
        `mvn test -pl engine-node -am -Dtest=TransitionTableTest -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.regenerate=true`.

        ## An execution

        """);
    diagram(page, moves.ofExecutions());
    page.append(
        """

        `CANCELLING` lasts no longer than the transition that cancels, unless there is a teardown: then it
        lasts until that has ended. What an execution goes
        through within one transition is written to the journal, and shown, as a whole.

        """);
    matrix(page, TransitionTable.ofExecutions(), ExecutionStatus.values());
    page.append(
        """

        ## A task

        """);
    diagram(page, moves.ofTasks());
    page.append(
        """

        After `AttemptFailed` a task is `RETRYING` only until the transition's next event, which says
        what follows from it.

        """);
    matrix(page, TransitionTable.ofTasks(), TaskStatus.values());
    page.append(
        """

        ## A schedule

        What its firings do is in [schedules](guide/schedules.md). To all other commands a schedule answers that
        there is no such execution, and so does every other execution to a schedule's commands.

        """);
    matrix(page, ScheduleTable.rows(), ScheduleStatus.values());
    page.append(
        """

        *nothing*: accepted, and nothing happens, since it is a repeat or there is nothing to do.
        """);
    return page.toString();
  }

  private static <S extends Enum<S>> void diagram(
      StringBuilder page, SortedSet<Moves.Move<S>> moves) {
    var edges = new LinkedHashMap<String, Set<String>>();
    for (var move : moves) {
      S from = move.from();
      edges
          .computeIfAbsent(
              (from == null ? "[*]" : from.name()) + " --> " + move.to().name(),
              edge -> new LinkedHashSet<>())
          .add(move.event());
    }
    page.append("```mermaid\nstateDiagram-v2\n");
    edges.forEach(
        (edge, events) -> page.append("    %s: %s\n".formatted(edge, String.join(", ", events))));
    page.append("```\n");
  }

  private static void matrix(StringBuilder page, List<Row> rows, Enum<?>[] statuses) {
    var cells = new LinkedHashMap<String, Map<@Nullable Enum<?>, Set<String>>>();
    for (Row row : rows) {
      cells
          .computeIfAbsent(row.command().getClass().getSimpleName(), c -> new LinkedHashMap<>())
          .computeIfAbsent(row.from(), s -> new LinkedHashSet<>())
          .add(text(row));
    }
    List<Enum<?>> shown =
        Stream.concat(Stream.of((Enum<?>) null), Stream.of(statuses))
            .filter(status -> cells.values().stream().anyMatch(c -> c.containsKey(status)))
            .collect(Collectors.toList());
    page.append("| status |");
    cells.keySet().forEach(command -> page.append(' ').append(command).append(" |"));
    page.append("\n|").append(" --- |".repeat(cells.size() + 1)).append('\n');
    for (Enum<?> status : shown) {
      page.append("| ").append(status == null ? NONE : status.name()).append(" |");
      cells
          .values()
          .forEach(
              row -> page.append(' ').append(String.join("<br>", row.get(status))).append(" |"));
      page.append('\n');
    }
  }

  private static String text(Row row) {
    String what =
        switch (row.expected()) {
          case To(Enum<?> status) -> status.name();
          case Nothing() -> "*nothing*";
          case Refused(Rejection.Code code) -> "refused: `" + code.text() + "`";
        };
    return row.when().isEmpty() ? what : what + " (" + row.when() + ")";
  }
}
