package dev.holdfast.core;

import static dev.holdfast.core.Given.child;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.follow;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.loseLease;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.start;
import static dev.holdfast.core.Given.startChild;
import static dev.holdfast.core.Given.tell;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.Rejection.Code;
import dev.holdfast.core.TransitionTable.Nothing;
import dev.holdfast.core.TransitionTable.Refused;
import dev.holdfast.core.TransitionTable.Row;
import dev.holdfast.core.TransitionTable.Rows;
import dev.holdfast.core.TransitionTable.To;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** The part of the table that is about executions which carry out tasks of others. */
final class ChildTable {
  private static final Command START = startChild("x", 1);
  private static final Command COMPLETED = tell("x", 1, new ChildReport.Completed("out"));
  private static final Command FAILED =
      tell("x", 1, new ChildReport.Failed(new TaskError("oops", "it went wrong")));
  private static final Command NOT_STARTED =
      tell("x", 1, new ChildReport.NotStarted(new TaskError("oops", "there is no definition")));
  private static final Command PAUSED = tell("x", 1, new ChildReport.Paused());
  private static final Command RUN = follow(20, new ParentWish.Run());
  private static final Command RUN_BEFORE = follow(5, new ParentWish.Run());
  private static final Command PAUSE =
      follow(10, new ParentWish.Pause(PauseMode.GRACEFUL, Given.T0.plus(Limits.AUTO_RESUME_AFTER)));
  private static final Command CANCEL = follow(30, new ParentWish.Cancel());
  private static final Command RELEASE = follow(30, new ParentWish.Release());
  private static final Command USERS_PAUSE = pause("p1", PauseMode.GRACEFUL);
  private static final Nothing NOTHING = new Nothing();
  private static final Refused WRONG_STATE = new Refused(Code.WRONG_STATE);
  private static final Refused NOT_READY = new Refused(Code.TASK_NOT_READY);

  private ChildTable() {}

  private static To to(Enum<?> status) {
    return new To(status);
  }

  /** x waits for a child, which nobody has started. */
  private static Given waiting(UnaryOperator<PlanBuilder.TaskBuilder> with) {
    return given(PlanBuilder.of().task("x", t -> with.apply(t.workflow("sub"))));
  }

  private static Given waiting() {
    return waiting(t -> t);
  }

  /** x runs on a child. */
  private static Given onChild() {
    return waiting().and(START);
  }

  /** A child whose a runs and whose b is ready. */
  private static Given aChild() {
    return child(PlanBuilder.of("a", "b")).and(start("a", 1));
  }

  static List<Row> ofExecutions() {
    var rows = new Rows(null);
    unknown(rows);
    running(rows);
    pausing(rows);
    paused(rows);
    cancelling(rows);
    ended(rows, waiting().and(START, COMPLETED), child(done()).and(start("a", 1), DONE));
    ended(rows, waiting().and(START, FAILED), child(done()).and(start("a", 1), fail("a", 1, "e")));
    ended(rows, onChild().and(Given.cancel("c1")), child(done()).and(Given.cancel("c1")));
    ended(
        rows,
        onChild().after(Limits.WORKFLOW_TIMEOUT).and(fireTimers()),
        child(done()).after(Limits.WORKFLOW_TIMEOUT).and(fireTimers()));
    return rows.rows();
  }

  private static final Command DONE = complete("a", 1, null);

  private static PlanBuilder done() {
    return PlanBuilder.of("a");
  }

  private static void unknown(Rows rows) {
    Plan plan = PlanBuilder.of().task("x", t -> t.workflow("sub")).build();
    for (Command command : List.of(START, COMPLETED, RUN)) {
      rows.row(Given.nothing(plan), command, new Refused(Code.EXECUTION_NOT_FOUND));
    }
  }

  private static void running(Rows rows) {
    rows.row(waiting(), START, to(ExecutionStatus.RUNNING));
    rows.row(onChild(), COMPLETED, to(ExecutionStatus.COMPLETED), "the last task's");
    rows.row(onChild(), FAILED, to(ExecutionStatus.FAILED), "no attempts left");
    rows.row(
        waiting(t -> t.retry(PlanBuilder.THRICE)).and(START),
        FAILED,
        to(ExecutionStatus.RUNNING),
        "attempts left");
    rows.row(onChild(), PAUSED, NOTHING, "it is paused alone");
    rows.row(aChild(), RUN, NOTHING, "to run");
    rows.row(aChild(), PAUSE, to(ExecutionStatus.PAUSING), "to pause");
    rows.row(aChild(), CANCEL, to(ExecutionStatus.CANCELLED), "to end");
    rows.row(aChild(), RELEASE, NOTHING, "left alone");
    rows.row(waiting(), RUN, WRONG_STATE, "nobody's child");
  }

  private static void pausing(Rows rows) {
    rows.row(onChild().and(USERS_PAUSE), START, NOTHING, "same start");
    rows.row(
        given(PlanBuilder.of("a").task("x", t -> t.workflow("sub")))
            .and(start("a", 1), USERS_PAUSE),
        START,
        WRONG_STATE);
    rows.row(onChild().and(USERS_PAUSE), PAUSED, to(ExecutionStatus.PAUSED), "it is paused");
    rows.row(onChild().and(USERS_PAUSE), COMPLETED, to(ExecutionStatus.PAUSED), "last to run");
    rows.row(onChild().and(USERS_PAUSE), FAILED, to(ExecutionStatus.PAUSED), "last to run");
    rows.row(aChild().and(PAUSE), RUN, to(ExecutionStatus.RUNNING), "to run");
    rows.row(aChild().and(PAUSE), RUN_BEFORE, NOTHING, "to run, which is an older wish");
    rows.row(aChild().and(USERS_PAUSE), RUN, NOTHING, "to run, and its user paused it");
    rows.row(aChild().and(PAUSE), PAUSE, NOTHING, "same wish");
    rows.row(aChild().and(PAUSE), CANCEL, to(ExecutionStatus.CANCELLED), "to end");
  }

  /** PAUSED, and so is the child that x runs on. */
  private static Given bothPaused() {
    return onChild().and(USERS_PAUSE, PAUSED);
  }

  private static void paused(Rows rows) {
    rows.row(waiting().and(USERS_PAUSE), START, WRONG_STATE);
    rows.row(bothPaused(), COMPLETED, to(ExecutionStatus.PAUSED));
    rows.row(bothPaused(), FAILED, to(ExecutionStatus.PAUSED));
    rows.row(bothPaused(), PAUSED, NOTHING, "same report");
    Given given = child(done()).and(PAUSE);
    rows.row(given, RUN, to(ExecutionStatus.RUNNING), "to run");
    rows.row(given, RELEASE, to(ExecutionStatus.RUNNING), "left alone");
    rows.row(child(done()).and(USERS_PAUSE), RUN, NOTHING, "to run, and its user paused it");
    rows.row(child(done()).and(USERS_PAUSE), PAUSE, NOTHING, "to pause");
    rows.row(given, CANCEL, to(ExecutionStatus.CANCELLED), "to end");
  }

  private static void cancelling(Rows rows) {
    var requested = new Event.CancelRequested("c0", "ann", null);
    rows.row(waiting().and(requested), START, WRONG_STATE);
    rows.row(onChild().and(requested), COMPLETED, to(ExecutionStatus.CANCELLING));
    rows.row(aChild().and(requested), CANCEL, NOTHING);
  }

  private static void ended(Rows rows, Given parent, Given child) {
    rows.row(parent, startChild("x", 2), WRONG_STATE);
    rows.row(parent, COMPLETED, NOTHING);
    for (Command command : List.of(RUN, PAUSE, CANCEL)) {
      rows.row(child, command, NOTHING);
    }
  }

  /** x is a task of this kind besides b, which waits for an agent. */
  private static Given besides(UnaryOperator<PlanBuilder.TaskBuilder> with) {
    return given(PlanBuilder.of("b").task("x", t -> with.apply(t.workflow("sub"))));
  }

  static void ofTask(Rows rows) {
    Given pending = besides(t -> t.needs("b"));
    Given awaiting = besides(t -> t.approval(null));
    Given retrying = besides(t -> t.retry(PlanBuilder.THRICE)).and(START, FAILED);
    Given completed = besides(t -> t).and(START, COMPLETED);
    Given failed = besides(t -> t.onFailure(OnFailure.CONTINUE)).and(START, FAILED);
    Given skipped = besides(t -> t.when("no", s -> false));
    Given cancelled =
        given(
                PlanBuilder.of("a")
                    .task("x", t -> t.workflow("sub"))
                    .task("always", t -> t.join(PlannedTask.Join.ALWAYS)))
            .and(START, start("a", 1), fail("a", 1, "oops"));
    for (Given given :
        List.of(pending, awaiting, retrying, completed, failed, skipped, cancelled)) {
      rows.row(given, startChild("x", 2), NOT_READY);
      rows.row(given, COMPLETED, NOTHING);
    }
    rows.row(besides(t -> t), START, to(TaskStatus.RUNNING));
    rows.row(besides(t -> t), COMPLETED, NOTHING);
    rows.row(given(PlanBuilder.of("x", "b")), START, NOT_READY, "an agent's");
    rows.row(besides(t -> t), start("x", 1), NOT_READY, "a workflow's");
    Given running = besides(t -> t).and(START);
    rows.row(running, START, NOTHING, "same start");
    rows.row(running, startChild("x", 2), NOT_READY, "another");
    rows.row(running, complete("x", 1, null), new Refused(Code.STALE_ATTEMPT), "a workflow's");
    rows.row(running, fail("x", 1, "oops"), new Refused(Code.STALE_ATTEMPT), "a workflow's");
    rows.row(running, loseLease("x", 1), NOTHING, "a workflow's");
    rows.row(running, COMPLETED, to(TaskStatus.COMPLETED));
    rows.row(running, FAILED, to(TaskStatus.FAILED), "no attempts left");
    rows.row(besides(t -> t.retry(PlanBuilder.THRICE)).and(START), FAILED, to(TaskStatus.RETRYING));
    rows.row(
        besides(t -> t.retry(PlanBuilder.THRICE)).and(START),
        NOT_STARTED,
        to(TaskStatus.FAILED),
        "can't be started");
    rows.row(
        besides(t -> t.retry(PlanBuilder.THRICE).timeout(Duration.ofMinutes(1)))
            .and(START)
            .after(Duration.ofMinutes(1)),
        fireTimers(),
        to(TaskStatus.RETRYING),
        "attempt's, attempts left");
  }
}
