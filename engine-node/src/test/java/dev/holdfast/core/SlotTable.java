package dev.holdfast.core;

import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.grant;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.signal;
import static dev.holdfast.core.Given.start;
import static dev.holdfast.core.Given.startExecution;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Rejection.Code;
import dev.holdfast.core.TransitionTable.Nothing;
import dev.holdfast.core.TransitionTable.Refused;
import dev.holdfast.core.TransitionTable.Row;
import dev.holdfast.core.TransitionTable.Rows;
import dev.holdfast.core.TransitionTable.To;
import java.util.List;

/** The part of the table that is about executions with a concurrency key. */
final class SlotTable {
  private static final Command PAUSE = pause("p1", PauseMode.GRACEFUL);
  private static final Nothing NOTHING = new Nothing();
  private static final Refused WRONG_STATE = new Refused(Code.WRONG_STATE);

  private SlotTable() {}

  private static To to(Enum<?> status) {
    return new To(status);
  }

  /** It has begun, which is two events, and waits for its slot. */
  private static Given waiting() {
    return given(PlanBuilder.of("a").oneAtOnce());
  }

  private static Given running() {
    return waiting().and(grant(2), start("a", 1));
  }

  static List<Row> ofExecutions() {
    var rows = new Rows(null);
    Plan plan = PlanBuilder.of("a").oneAtOnce().build();
    rows.row(
        Given.nothing(plan),
        startExecution(plan),
        to(ExecutionStatus.RUNNING),
        "and waits for a slot");
    Plan keyless = PlanBuilder.of("a").concurrency(s -> null, 1, OnLimit.QUEUE).build();
    rows.row(
        Given.nothing(keyless),
        startExecution(keyless),
        new Refused(Code.INVALID_CONCURRENCY_KEY),
        "its concurrency key is none");
    rows.row(Given.nothing(plan), grant(2), new Refused(Code.EXECUTION_NOT_FOUND));
    rows.row(waiting(), grant(2), to(ExecutionStatus.RUNNING), "waits for a slot");
    rows.row(waiting().and(signal("s1", "go", 1L)), grant(2), WRONG_STATE, "has changed since");
    rows.row(running(), grant(2), NOTHING, "has its slot");
    rows.row(given(PlanBuilder.of("a")), grant(1), WRONG_STATE, "has no concurrency key");
    rows.row(waiting(), fireTimers(), NOTHING, "waits for a slot");
    rows.row(waiting(), PAUSE, to(ExecutionStatus.PAUSED), "waits for a slot");
    rows.row(waiting(), cancel("c1"), to(ExecutionStatus.CANCELLED), "waits for a slot");
    rows.row(waiting().and(PAUSE), resume("r1"), to(ExecutionStatus.RUNNING), "without a slot");
    rows.row(running().and(PAUSE), grant(2), NOTHING, "has its slot");
    rows.row(waiting().and(PAUSE), grant(4), WRONG_STATE, "paused without a slot");
    rows.row(waiting().and(new Event.CancelRequested("c0", "ann", null)), grant(3), WRONG_STATE);
    rows.row(waiting().and(cancel("c1")), grant(5), WRONG_STATE, "never had a slot");
    rows.row(running().and(cancel("c1")), grant(2), NOTHING, "had its slot");
    rows.row(running().and(complete("a", 1, null)), grant(2), NOTHING, "had its slot");
    rows.row(running().and(fail("a", 1, "oops")), grant(2), NOTHING, "had its slot");
    rows.row(
        running().and(fail("a", 1, "oops")),
        retry("t1", null),
        to(ExecutionStatus.RUNNING),
        "and waits for a slot again");
    rows.row(
        running().after(Limits.WORKFLOW_TIMEOUT).and(fireTimers()),
        grant(2),
        NOTHING,
        "had its slot");
    return rows.rows();
  }
}
