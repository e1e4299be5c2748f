package dev.holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.TransitionTable.Nothing;
import dev.holdfast.core.TransitionTable.Refused;
import dev.holdfast.core.TransitionTable.Row;
import dev.holdfast.core.TransitionTable.To;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every command in every status; and the page that shows it. */
class TransitionTableTest {
  private static final Path PAGE = Path.of("..", "docs", "STATES.md");

  private static final Set<Class<?>> ON_TASKS =
      Set.of(
          Command.StartTask.class,
          Command.CompleteTask.class,
          Command.FailTask.class,
          Command.LoseLease.class,
          Command.DecideApproval.class,
          Command.StartChild.class,
          Command.TellOfChild.class,
          Command.FireTimers.class);

  @Test
  void everyCommandInEveryStatusOfAnExecutionDoesWhatTheTableSays() {
    List<Row> rows = TransitionTable.ofExecutions();
    Set<String> visited = rows.stream().map(TransitionTableTest::cell).collect(Collectors.toSet());
    rows.forEach(TransitionTableTest::check);
    var wanted = new ArrayList<String>();
    for (Class<?> command : Command.class.getPermittedSubclasses()) {
      if (command != Command.OfSchedule.class) {
        wanted.add(cell(null, command));
        Arrays.stream(ExecutionStatus.values()).forEach(s -> wanted.add(cell(s, command)));
      }
    }
    assertThat(visited).containsExactlyInAnyOrderElementsOf(wanted);
  }

  @Test
  void everyCommandInEveryStatusOfAScheduleDoesWhatTheTableSays() {
    List<Row> rows = ScheduleTable.rows();
    Set<String> visited = rows.stream().map(TransitionTableTest::cell).collect(Collectors.toSet());
    rows.forEach(TransitionTableTest::check);
    var wanted = new ArrayList<String>();
    for (Class<?> command : ScheduleTable.commands()) {
      wanted.add(cell(null, command));
      Arrays.stream(ScheduleStatus.values()).forEach(s -> wanted.add(cell(s, command)));
    }
    assertThat(visited).containsExactlyInAnyOrderElementsOf(wanted);
  }

  @Test
  void schedulesAndWorkflowsKnowNothingOfEachOthersCommands() {
    for (Row row : TransitionTable.ofExecutions()) {
      for (Command command : List.of(ScheduleTable.SET, ScheduleTable.PAUSE, ScheduleTable.BEGIN)) {
        if (row.given().exists()) {
          check(new Row(row.given(), command, ScheduleTable.NOT_FOUND, "a workflow", null));
        }
      }
    }
    for (Row row : ScheduleTable.rows()) {
      for (Row other : TransitionTable.ofExecutions()) {
        if (row.given().exists()
            && !ScheduleTable.commands().contains(other.command().getClass())) {
          check(new Row(row.given(), other.command(), ScheduleTable.NOT_FOUND, "a schedule", null));
        }
      }
    }
  }

  @Test
  void everyCommandInEveryStatusOfATaskDoesWhatTheTableSays() {
    List<Row> rows = TransitionTable.ofTasks();
    Set<String> visited = rows.stream().map(TransitionTableTest::cell).collect(Collectors.toSet());
    rows.forEach(TransitionTableTest::check);
    var wanted = new ArrayList<String>();
    for (Class<?> command : ON_TASKS) {
      for (TaskStatus status : TaskStatus.values()) {
        wanted.add(cell(status, command));
      }
    }
    assertThat(visited).containsExactlyInAnyOrderElementsOf(wanted);
  }

  private static String cell(Row row) {
    return cell(row.from(), row.command().getClass());
  }

  private static String cell(Enum<?> status, Class<?> command) {
    return status + " x " + command.getSimpleName();
  }

  private static void check(Row row) {
    String what = cell(row) + " " + row.when();
    Decision decision = row.given().decide(row.command());
    switch (row.expected()) {
      case Refused(Rejection.Code code) -> {
        assertThat(decision).as(what).isInstanceOf(Decision.Rejected.class);
        assertThat(((Decision.Rejected) decision).rejection().code()).as(what).isEqualTo(code);
      }
      case Nothing() -> assertThat(decision).as(what).isEqualTo(new Decision.Accepted(List.of()));
      case To(Enum<?> status) -> {
        assertThat(decision).as(what).isInstanceOf(Decision.Accepted.class);
        List<Event> events = ((Decision.Accepted) decision).events();
        assertThat(events).as(what).isNotEmpty();
        ExecutionState after = row.given().after(events);
        String task = row.task();
        Schedule schedule = after.schedule();
        assertThat((Object) (schedule != null ? schedule.status() : status(after, task)))
            .as(what)
            .isEqualTo(status);
      }
    }
  }

  private static Enum<?> status(ExecutionState after, @Nullable String task) {
    return task == null ? after.status() : after.task(task).status();
  }

  @Test
  void pageInTheDocumentationIsUpToDate() throws IOException {
    String page = StatesPage.render();
    if (Boolean.getBoolean("holdfast.regenerate")) {
      Files.createDirectories(Objects.requireNonNull(PAGE.getParent()));
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE)
        .as("docs/STATES.md; write it anew with -Dholdfast.regenerate=true")
        .exists()
        .hasContent(page);
  }
}
