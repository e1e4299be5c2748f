package dev.holdfast.core;

import static dev.holdfast.core.Given.approve;
import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.reject;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.signal;
import static dev.holdfast.core.Given.startExecution;

import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Rejection.Code;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each command does in each status: the table that the tests go through and that the diagrams
 * in the documentation are drawn from.
 */
final class TransitionTable {
  private TransitionTable() {}

  /** What is expected of a command. */
  sealed interface Expected {}

  /** It is accepted and leads to this status. */
  record To(Enum<?> status) implements Expected {}

  /** It is accepted, and nothing happens. */
  record Nothing() implements Expected {}

  record Refused(Code code) implements Expected {}

  /**
   * @param when which of a cell's cases it is, for a person; empty where there is one
   * @param task whose status is meant; null: the execution's
   */
  record Row(Given given, Command command, Expected expected, String when, @Nullable String task) {
    /** The status before; null: no such execution. */
    @Nullable Enum<?> from() {
      if (!given.exists()) {
        return null;
      }
      if (given.state().schedule() != null) {
        return given.schedule().status();
      }
      return task == null ? given.state().status() : given.task(task).status();
    }
  }

  static final Command SAME_START = startExecution(PlanBuilder.of("a", "b").build());
  static final Command PAUSE = pause("p1", PauseMode.GRACEFUL);
  static final Command PAUSE_AT_ONCE = pause("p2", PauseMode.IMMEDIATE);
  static final Command RESUME = resume("r1");
  static final Command CANCEL = cancel("c1");
  static final Command RETRY = retry("t1", null);
  static final Command APPROVE = approve("d1", "x", null);
  static final Command APPROVE_DONE = approve("d2", "x", "done");
  static final Command REJECT = reject("d3", "x");
  static final Command SIGNAL = signal("s1", "paid", 7L);
  static final Nothing NOTHING = new Nothing();
  static final Refused WRONG_STATE = new Refused(Code.WRONG_STATE);
  static final Refused NOT_AWAITING = new Refused(Code.NOT_AWAITING_APPROVAL);
  static final Refused STALE = new Refused(Code.STALE_ATTEMPT);

  /** Collects rows. */
  static final class Rows {
    private final List<Row> rows = new ArrayList<>();
    private final @Nullable String task;

    Rows(@Nullable String task) {
      this.task = task;
    }

    List<Row> rows() {
      return rows;
    }

    Rows row(Given given, Command command, Expected expected, String when) {
      rows.add(new Row(given, command, expected, when, task));
      return this;
    }

    Rows row(Given given, Command command, Expected expected) {
      return row(given, command, expected, "");
    }
  }

  static To to(Enum<?> status) {
    return new To(status);
  }

  /** Of every command in every status of an execution. */
  static List<Row> ofExecutions() {
    var rows = new ArrayList<>(ExecutionTable.rows());
    var beside = new Rows(null);
    HookTable.ofExecutions(beside);
    rows.addAll(beside.rows);
    rows.addAll(ChildTable.ofExecutions());
    rows.addAll(SlotTable.ofExecutions());
    return rows;
  }

  /** Of every command on a task in every status of a task: the status is that of task x. */
  static List<Row> ofTasks() {
    var rows = new Rows("x");
    TaskTable.of(rows);
    FanOutTable.ofTask(rows);
    FanOutTable.ofTaskWithChildren(rows);
    FanOutTable.ofTaskThatAdds(rows);
    HookTable.ofTask(rows);
    ChildTable.ofTask(rows);
    return rows.rows;
  }

  /** What more happens to tasks, by commands that are not on them. */
  static List<Given> otherPaths() {
    var paths = new ArrayList<>(TaskTable.otherPaths());
    paths.addAll(FanOutTable.otherPaths());
    paths.addAll(HookTable.otherPaths());
    return paths;
  }
}
