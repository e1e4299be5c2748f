package dev.holdfast.core;

import static dev.holdfast.core.Given.approve;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.loseLease;
import static dev.holdfast.core.Given.start;
import static dev.holdfast.core.TransitionTable.APPROVE;
import static dev.holdfast.core.TransitionTable.APPROVE_DONE;
import static dev.holdfast.core.TransitionTable.CANCEL;
import static dev.holdfast.core.TransitionTable.NOTHING;
import static dev.holdfast.core.TransitionTable.NOT_AWAITING;
import static dev.holdfast.core.TransitionTable.REJECT;
import static dev.holdfast.core.TransitionTable.RETRY;
import static dev.holdfast.core.TransitionTable.SIGNAL;
import static dev.holdfast.core.TransitionTable.STALE;
import static dev.holdfast.core.TransitionTable.to;

import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Rejection.Code;
import dev.holdfast.core.TransitionTable.Refused;
import dev.holdfast.core.TransitionTable.Rows;
import java.time.Duration;
import java.util.List;

/** What each command does to a task that agents carry out, in each of its statuses. */
final class TaskTable {
  private TaskTable() {}

  static void of(Rows rows) {
    var notReady = new Refused(Code.TASK_NOT_READY);
    Given pending = given(PlanBuilder.of("a").task("x", t -> t.needs("a")));
    rows.row(pending, start("x", 1), notReady);
    stale(rows, pending);
    Given ready = given(PlanBuilder.of("x"));
    rows.row(given(PlanBuilder.of("x")), start("x", 1), to(TaskStatus.RUNNING));
    stale(rows, ready);
    ofRunningTask(rows);
    Given retrying = runningTask().and(fail("x", 1, "oops"));
    rows.row(retrying, start("x", 2), notReady);
    rows.row(retrying, complete("x", 1, null), STALE);
    rows.row(retrying, fail("x", 1, "oops"), NOTHING, "same failure");
    rows.row(retrying, loseLease("x", 1), NOTHING);
    rows.row(retrying, fireTimers(), NOTHING, "not yet");
    rows.row(
        runningTask().and(fail("x", 1, "oops")).after(Duration.ofSeconds(1)),
        fireTimers(),
        to(TaskStatus.READY),
        "back-off has passed");
    Given completed = given(PlanBuilder.of("x", "b")).and(start("x", 1), complete("x", 1, null));
    rows.row(completed, start("x", 2), notReady);
    rows.row(completed, complete("x", 1, null), NOTHING, "same result");
    rows.row(completed, complete("x", 2, null), STALE, "other attempt");
    rows.row(completed, fail("x", 1, "oops"), STALE);
    rows.row(completed, loseLease("x", 1), NOTHING);
    rows.row(completed, fireTimers(), NOTHING);
    Given failed =
        given(PlanBuilder.of("b").task("x", t -> t.onFailure(PlannedTask.OnFailure.CONTINUE)))
            .and(start("x", 1), fail("x", 1, "oops"));
    rows.row(failed, start("x", 2), notReady);
    rows.row(failed, complete("x", 1, null), STALE);
    rows.row(failed, fail("x", 1, "oops"), NOTHING, "same failure");
    rows.row(failed, loseLease("x", 1), NOTHING);
    rows.row(failed, fireTimers(), NOTHING);
    Given skipped = given(PlanBuilder.of("b").task("x", t -> t.when("no", s -> false)));
    rows.row(skipped, start("x", 1), notReady);
    stale(rows, skipped);
    Given cancelled =
        given(PlanBuilder.of("a", "x").task("always", t -> t.join(PlannedTask.Join.ALWAYS)))
            .and(start("x", 1), start("a", 1), fail("a", 1, "oops"));
    rows.row(cancelled, start("x", 2), notReady);
    stale(rows, cancelled);
    for (Given given :
        List.of(pending, ready, runningTask(), retrying, completed, failed, skipped, cancelled)) {
      rows.row(given, APPROVE, NOT_AWAITING);
    }
    ofTaskAwaitingApproval(rows);
  }

  /** x awaits approval for a day, b is ready. */
  private static Given awaiting() {
    return given(PlanBuilder.of("b").task("x", t -> t.approval(Duration.ofDays(1), "finance")))
        .and(new Event.TaskStarted("b", 1, 1, "worker", Given.T0.plus(Duration.ofDays(9))));
  }

  private static void ofTaskAwaitingApproval(Rows rows) {
    rows.row(awaiting(), start("x", 1), new Refused(Code.TASK_NOT_READY));
    stale(rows, awaiting());
    rows.row(
        given(
                PlanBuilder.of("b")
                    .timeout(Duration.ofDays(3))
                    .task("x", t -> t.approval(Duration.ofDays(1))))
            .and(new Event.TaskStarted("b", 1, 1, "worker", Given.T0.plus(Duration.ofDays(9))))
            .after(Duration.ofDays(1)),
        fireTimers(),
        to(TaskStatus.FAILED),
        "expired");
    rows.row(awaiting(), APPROVE, to(TaskStatus.READY));
    rows.row(awaiting(), APPROVE_DONE, to(TaskStatus.COMPLETED), "with an output");
    rows.row(awaiting(), REJECT, to(TaskStatus.FAILED), "rejected");
    rows.row(
        awaiting(),
        new Command.DecideApproval("d4", "x", true, "eve", List.of("sales"), null, null),
        new Refused(Code.NOT_AN_APPROVER),
        "other role");
    rows.row(
        given(PlanBuilder.of("b").task("x", t -> t.approval(null).unmanned())),
        APPROVE,
        to(TaskStatus.COMPLETED),
        "no agent");
    Given decided = awaiting().and(APPROVE);
    rows.row(decided, approve("d5", "x", null), NOTHING, "approved before");
    rows.row(decided, REJECT, NOT_AWAITING, "approved before");
  }

  /** What more happens to tasks, by commands that are not on them. */
  static List<Given> otherPaths() {
    var always = PlannedTask.Join.ALWAYS;
    Given decidesAndRetries =
        given(
                PlanBuilder.of("a", "one", "other")
                    .task("route", t -> t.needs("a").join(always).choice("yes", s -> true, "one"))
                    .task("skipped", t -> t.needs("a").when("no", s -> false).join(always))
                    .task("clean", t -> t.needs("route").join(always)))
            .and(start("a", 1), fail("a", 1, "oops"), start("clean", 1))
            .and(complete("clean", 1, null), RETRY);
    Given cancelsWhatIsPending =
        given(PlanBuilder.chain("a", "b")).and(start("a", 1), fail("a", 1, "oops"));
    Given cancelsWhatAwaitsApproval = ExecutionTable.gatedBesides().and(CANCEL);
    Given takesSignals =
        given(PlanBuilder.of("b").task("x", t -> t.waitFor("paid", null).unmanned())).and(SIGNAL);
    return List.of(
        decidesAndRetries, cancelsWhatIsPending, cancelsWhatAwaitsApproval, takesSignals);
  }

  private static Given runningTask() {
    return given(PlanBuilder.of("b").task("x", t -> t.retry(PlanBuilder.THRICE)))
        .and(start("x", 1));
  }

  private static void ofRunningTask(Rows rows) {
    rows.row(runningTask(), start("x", 1), NOTHING, "same hand-over");
    rows.row(runningTask(), start("x", 2), new Refused(Code.TASK_NOT_READY), "another");
    rows.row(runningTask(), complete("x", 1, null), to(TaskStatus.COMPLETED));
    rows.row(runningTask(), complete("x", 2, null), STALE, "other attempt");
    rows.row(
        given(
                PlanBuilder.of("b")
                    .task(
                        "x",
                        t ->
                            t.set(
                                "v",
                                s -> {
                                  throw new ExpressionException("no");
                                })))
            .and(start("x", 1)),
        complete("x", 1, null),
        to(TaskStatus.FAILED),
        "set fails");
    rows.row(runningTask(), fail("x", 1, "oops"), to(TaskStatus.RETRYING), "attempts left");
    rows.row(
        given(PlanBuilder.of("x")).and(start("x", 1)),
        fail("x", 1, "oops"),
        to(TaskStatus.FAILED),
        "no attempts left");
    rows.row(runningTask(), fail("x", 2, "oops"), STALE, "other attempt");
    rows.row(runningTask(), loseLease("x", 1), to(TaskStatus.READY));
    rows.row(runningTask(), loseLease("x", 2), NOTHING, "other attempt");
    rows.row(runningTask(), fireTimers(), NOTHING, "nothing due");
    rows.row(
        runningTask().after(Limits.TASK_TIMEOUT),
        fireTimers(),
        to(TaskStatus.RETRYING),
        "attempt's, attempts left");
    rows.row(
        runningTask().after(Limits.WORKFLOW_TIMEOUT),
        fireTimers(),
        to(TaskStatus.CANCELLED),
        "workflow's");
  }

  private static void stale(Rows rows, Given given) {
    rows.row(given, complete("x", 1, null), STALE);
    rows.row(given, fail("x", 1, "oops"), STALE);
    rows.row(given, loseLease("x", 1), NOTHING);
    rows.row(given, fireTimers(), NOTHING);
  }
}
