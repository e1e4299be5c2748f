package dev.holdfast.core;

import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.loseLease;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.start;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Rejection.Code;
import dev.holdfast.core.TransitionTable.Nothing;
import dev.holdfast.core.TransitionTable.Refused;
import dev.holdfast.core.TransitionTable.Rows;
import dev.holdfast.core.TransitionTable.To;
import java.time.Duration;
import java.util.List;

/** The table's rows of executions with tasks beside their graph. */
final class HookTable {
  private static final Nothing NOTHING = new Nothing();
  private static final Refused WRONG_STATE = new Refused(Code.WRONG_STATE);
  private static final String DURING = "during the teardown";

  private HookTable() {}

  /** a has completed, and the teardown has been handed out. */
  private static Given closing() {
    return given(PlanBuilder.of("a").teardown())
        .and(start("a", 1), complete("a", 1, null), start("teardown", 1));
  }

  /** Cancelled, and the teardown has been handed out. */
  private static Given cancelling() {
    return given(PlanBuilder.of("a").teardown()).and(cancel("c0"), start("teardown", 1));
  }

  static void ofExecutions(Rows rows) {
    ofSagas(rows);
    ofPauses(rows);
    Given cancelled = given(PlanBuilder.of("a").teardown()).and(start("a", 1));
    rows.row(cancelled, cancel("c1"), new To(ExecutionStatus.CANCELLING), "with a teardown");
    rows.row(
        given(PlanBuilder.of("a").teardown()).and(start("a", 1)),
        complete("a", 1, null),
        new To(ExecutionStatus.RUNNING),
        "last task, with a teardown");
    during(rows, closing(), ExecutionStatus.RUNNING, ExecutionStatus.COMPLETED);
    during(rows, cancelling(), ExecutionStatus.CANCELLING, ExecutionStatus.CANCELLED);
    rows.row(closing(), cancel("c1"), WRONG_STATE, DURING);
    rows.row(cancelling(), cancel("c1"), NOTHING, DURING);
    rows.row(closing(), pause("p1", PauseMode.IMMEDIATE), new To(ExecutionStatus.PAUSED), DURING);
    rows.row(
        closing().and(pause("p1", PauseMode.GRACEFUL)),
        complete("teardown", 1, null),
        new To(ExecutionStatus.PAUSED),
        "the teardown's last");
    rows.row(
        closing().and(pause("p1", PauseMode.IMMEDIATE)),
        resume("r1"),
        new To(ExecutionStatus.RUNNING),
        DURING);
    rows.row(closing().and(pause("p1", PauseMode.IMMEDIATE)), cancel("c1"), WRONG_STATE, DURING);
    rows.row(cancelling(), pause("p1", PauseMode.GRACEFUL), WRONG_STATE, DURING);
  }

  /** a has completed, last has failed, and what undoes a has been handed out. */
  private static Given undoing() {
    return given(
            PlanBuilder.of()
                .task("a", t -> t.compensate())
                .task("last", t -> t.needs("a").onFailure(PlannedTask.OnFailure.COMPENSATE)))
        .and(start("a", 1), complete("a", 1, null), start("last", 1), fail("last", 1, "oops"))
        .and(start(UNDO, 1));
  }

  private static final String UNDO = "a.compensate";
  private static final String UNDOING = "while it undoes";

  static void ofSagas(Rows rows) {
    rows.row(undoing(), complete(UNDO, 1, null), new To(ExecutionStatus.FAILED), "undone");
    rows.row(undoing(), fail(UNDO, 1, "oops"), new To(ExecutionStatus.FAILED), "left undone");
    rows.row(undoing(), loseLease(UNDO, 1), new To(ExecutionStatus.RUNNING), UNDOING);
    rows.row(undoing(), cancel("c1"), WRONG_STATE, UNDOING);
    rows.row(undoing(), pause("p1", PauseMode.IMMEDIATE), new To(ExecutionStatus.PAUSED), UNDOING);
    rows.row(
        undoing().after(Limits.WORKFLOW_TIMEOUT),
        fireTimers(),
        new To(ExecutionStatus.FAILED),
        "undoing took too long");
    rows.row(undoing().and(complete(UNDO, 1, null)), retry("t1", null), WRONG_STATE, "was undone");
  }

  /** The pause waits for what it asks for, which has been handed out. */
  private static Given parking() {
    return given(PlanBuilder.of("a").onPause().onResume())
        .and(pause("p0", PauseMode.GRACEFUL), start(PARK, 1));
  }

  private static final String PARK = "onPause";
  private static final String BY_HOOK = "for what the pause asks for";

  static void ofPauses(Rows rows) {
    Given asked = given(PlanBuilder.of("a").onPause());
    rows.row(
        asked, pause("p1", PauseMode.GRACEFUL), new To(ExecutionStatus.PAUSING), "with onPause");
    rows.row(
        given(PlanBuilder.of("a").onPause()).and(pause("p0", PauseMode.GRACEFUL)),
        start(PARK, 1),
        new To(ExecutionStatus.PAUSING),
        "onPause");
    rows.row(parking(), complete(PARK, 1, null), new To(ExecutionStatus.PAUSED), "onPause");
    rows.row(parking(), fail(PARK, 1, "oops"), new To(ExecutionStatus.PAUSED), "onPause");
    rows.row(parking(), loseLease(PARK, 1), new To(ExecutionStatus.PAUSING), BY_HOOK);
    rows.row(parking(), pause("p1", PauseMode.IMMEDIATE), new To(ExecutionStatus.PAUSED), BY_HOOK);
    rows.row(parking(), resume("r1"), new To(ExecutionStatus.RUNNING), BY_HOOK);
    rows.row(parking(), cancel("c1"), new To(ExecutionStatus.CANCELLED), BY_HOOK);
    rows.row(
        parking().and(resume("r1")), start("a", 1), WRONG_STATE, "before onResume has completed");
    rows.row(
        parking().and(resume("r1"), start("onResume", 1)),
        fail("onResume", 1, "oops"),
        new To(ExecutionStatus.FAILED),
        "onResume");
  }

  private static void during(
      Rows rows, Given given, ExecutionStatus status, ExecutionStatus outcome) {
    boolean isCancelling = status == ExecutionStatus.CANCELLING;
    rows.row(given, complete("teardown", 1, null), new To(outcome), "the teardown's");
    Given another = isCancelling ? cancelling() : closing();
    rows.row(another, fail("teardown", 1, "oops"), new To(outcome), "the teardown's");
    another = isCancelling ? cancelling() : closing();
    rows.row(another, loseLease("teardown", 1), new To(status), "the teardown's");
    another = (isCancelling ? cancelling() : closing()).and(loseLease("teardown", 1));
    rows.row(another, start("teardown", 2), new To(status), "the teardown");
    another = isCancelling ? cancelling() : closing();
    rows.row(another, fireTimers(), NOTHING, "nothing due");
    another = (isCancelling ? cancelling() : closing()).after(Duration.ofMinutes(10));
    rows.row(another, fireTimers(), new To(outcome), "the teardown's");
  }

  static void ofTask(Rows rows) {
    rows.row(
        given(PlanBuilder.of("x").setup()),
        start("x", 1),
        new Refused(Code.TASK_NOT_READY),
        "before the setup has ended");
  }

  static List<Given> otherPaths() {
    Given setUpInVain =
        given(PlanBuilder.of("a").setup().teardown())
            .and(start("setup", 1), fail("setup", 1, "oops"))
            .and(start("teardown", 1), complete("teardown", 1, null), retry("t1", null));
    Given timedOut =
        given(PlanBuilder.of("a").teardown())
            .after(Limits.WORKFLOW_TIMEOUT)
            .and(fireTimers())
            .and(start("teardown", 1), complete("teardown", 1, null));
    Given failed =
        given(PlanBuilder.of("a").teardown())
            .and(start("a", 1), fail("a", 1, "oops"))
            .and(start("teardown", 1), fail("teardown", 1, "oops"), retry("t1", null));
    Given notTaken =
        given(PlanBuilder.of("a").teardown())
            .and(start("a", 1), complete("a", 1, null))
            .after(Duration.ofMinutes(10))
            .and(fireTimers());
    Given oftenPaused =
        parking()
            .and(complete(PARK, 1, null), resume("r1"), start("onResume", 1))
            .and(complete("onResume", 1, null), pause("p1", PauseMode.GRACEFUL))
            .and(start(PARK, 2), fail(PARK, 2, "oops"), resume("r2"))
            .and(pause("p2", PauseMode.GRACEFUL), start(PARK, 3), cancel("c1"));
    Given resumedInVain =
        parking()
            .and(complete(PARK, 1, null), resume("r1"), start("onResume", 1))
            .and(fail("onResume", 1, "oops"), retry("t1", null));
    Given givenUp =
        parking()
            .and(pause("p1", PauseMode.IMMEDIATE), resume("r1"))
            .and(pause("p2", PauseMode.GRACEFUL));
    return List.of(oftenPaused, resumedInVain, givenUp, setUpInVain, timedOut, failed, notTaken);
  }
}
