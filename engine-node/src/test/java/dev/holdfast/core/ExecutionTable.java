package dev.holdfast.core;

import static dev.holdfast.core.Given.approve;
import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.loseLease;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.signal;
import static dev.holdfast.core.Given.start;
import static dev.holdfast.core.Given.startExecution;
import static dev.holdfast.core.TransitionTable.APPROVE;
import static dev.holdfast.core.TransitionTable.APPROVE_DONE;
import static dev.holdfast.core.TransitionTable.CANCEL;
import static dev.holdfast.core.TransitionTable.NOTHING;
import static dev.holdfast.core.TransitionTable.NOT_AWAITING;
import static dev.holdfast.core.TransitionTable.PAUSE;
import static dev.holdfast.core.TransitionTable.PAUSE_AT_ONCE;
import static dev.holdfast.core.TransitionTable.REJECT;
import static dev.holdfast.core.TransitionTable.RESUME;
import static dev.holdfast.core.TransitionTable.RETRY;
import static dev.holdfast.core.TransitionTable.SAME_START;
import static dev.holdfast.core.TransitionTable.SIGNAL;
import static dev.holdfast.core.TransitionTable.STALE;
import static dev.holdfast.core.TransitionTable.WRONG_STATE;
import static dev.holdfast.core.TransitionTable.to;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Rejection.Code;
import dev.holdfast.core.TransitionTable.Refused;
import dev.holdfast.core.TransitionTable.Row;
import dev.holdfast.core.TransitionTable.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What each command does to an execution, in each of its statuses. */
final class ExecutionTable {
  private ExecutionTable() {}

  static List<Row> rows() {
    var rows = new ArrayList<Row>();
    rows.addAll(unknown());
    rows.addAll(running());
    rows.addAll(pausing());
    rows.addAll(paused());
    rows.addAll(cancelling());
    rows.addAll(completed());
    rows.addAll(failed());
    rows.addAll(cancelled());
    rows.addAll(timedOut());
    return rows;
  }

  private static List<Row> unknown() {
    Plan plan = PlanBuilder.of("a").build();
    var notFound = new Refused(Code.EXECUTION_NOT_FOUND);
    var rows = new Rows(null);
    rows.row(Given.nothing(plan), startExecution(plan), to(ExecutionStatus.RUNNING));
    Plan nothingToDo = PlanBuilder.of().task("a", t -> t.when("no", s -> false)).build();
    rows.row(
        Given.nothing(nothingToDo),
        startExecution(nothingToDo),
        to(ExecutionStatus.COMPLETED),
        "nothing to do");
    Plan broken = PlanBuilder.of().task("a", t -> t.when("broken", s -> 1L)).build();
    rows.row(
        Given.nothing(broken),
        startExecution(broken),
        to(ExecutionStatus.FAILED),
        "first task can't begin");
    for (Command command :
        List.of(
            start("a", 1),
            complete("a", 1, null),
            fail("a", 1, "oops"),
            loseLease("a", 1),
            fireTimers(),
            PAUSE,
            RESUME,
            CANCEL,
            RETRY,
            APPROVE,
            SIGNAL)) {
      rows.row(Given.nothing(plan), command, notFound);
    }
    return rows.rows();
  }

  /** a runs, b is ready. */
  private static Given begun() {
    return given(PlanBuilder.of("a", "b")).and(start("a", 1));
  }

  private static Given lone() {
    return given(PlanBuilder.of("a")).and(start("a", 1));
  }

  private static Given onLastLease() {
    Given given = lone();
    for (int i = 1; i <= Limits.LEASE_LOSSES_MAX; i++) {
      given.and(loseLease("a", i), start("a", i + 1));
    }
    return given;
  }

  private static List<Row> running() {
    var rows = new Rows(null);
    rows.row(begun(), SAME_START, NOTHING, "same request");
    rows.row(begun(), otherStart(), new Refused(Code.ID_CONFLICT), "other request");
    rows.row(begun(), start("b", 1), to(ExecutionStatus.RUNNING));
    rows.row(begun(), complete("a", 1, null), to(ExecutionStatus.RUNNING));
    rows.row(lone(), complete("a", 1, null), to(ExecutionStatus.COMPLETED), "last task");
    rows.row(
        given(PlanBuilder.of("a").outputSchema(v -> List.of("no"))).and(start("a", 1)),
        complete("a", 1, null),
        to(ExecutionStatus.FAILED),
        "output does not fit");
    rows.row(
        given(PlanBuilder.of().task("a", t -> t.retry(PlanBuilder.THRICE))).and(start("a", 1)),
        fail("a", 1, "oops"),
        to(ExecutionStatus.RUNNING),
        "attempts left");
    rows.row(begun(), fail("a", 1, "oops"), to(ExecutionStatus.FAILED), "no attempts left");
    rows.row(begun(), loseLease("a", 1), to(ExecutionStatus.RUNNING));
    rows.row(
        onLastLease(),
        loseLease("a", Limits.LEASE_LOSSES_MAX + 1),
        to(ExecutionStatus.FAILED),
        "too many");
    rows.row(begun(), fireTimers(), NOTHING, "nothing due");
    rows.row(
        begun().after(Limits.TASK_TIMEOUT), fireTimers(), to(ExecutionStatus.FAILED), "attempt's");
    rows.row(
        begun().after(Limits.WORKFLOW_TIMEOUT),
        fireTimers(),
        to(ExecutionStatus.TIMED_OUT),
        "workflow's");
    rows.row(begun(), PAUSE, to(ExecutionStatus.PAUSING), "something runs");
    rows.row(given(PlanBuilder.of("a")), PAUSE, to(ExecutionStatus.PAUSED), "nothing runs");
    rows.row(begun(), PAUSE_AT_ONCE, to(ExecutionStatus.PAUSED), "immediate");
    rows.row(begun(), RESUME, WRONG_STATE);
    rows.row(begun(), CANCEL, to(ExecutionStatus.CANCELLED));
    rows.row(begun(), RETRY, WRONG_STATE);
    rows.row(gated(), APPROVE, to(ExecutionStatus.RUNNING));
    rows.row(gated(), APPROVE_DONE, to(ExecutionStatus.COMPLETED), "with the last output");
    rows.row(gated(), REJECT, to(ExecutionStatus.FAILED), "rejected");
    rows.row(begun(), SIGNAL, to(ExecutionStatus.RUNNING), "kept");
    rows.row(begun().and(SIGNAL), SIGNAL, NOTHING, "same id");
    rows.row(waiting(), SIGNAL, to(ExecutionStatus.COMPLETED), "what the last task waited for");
    rows.row(begun(), TOO_LARGE, new Refused(Code.LIMIT_EXCEEDED), "too large");
    return rows.rows();
  }

  private static final Command TOO_LARGE =
      signal("s9", "paid", "x".repeat(Limits.SIGNAL_BYTES_MAX + 1));

  /** x waits for a signal, and is nothing but that. */
  private static Given waiting() {
    return given(PlanBuilder.of().task("x", t -> t.waitFor("paid", null).unmanned()));
  }

  /** x awaits approval. */
  private static Given gated() {
    return given(PlanBuilder.of().task("x", t -> t.approval(null)));
  }

  /** x awaits approval, a runs. */
  static Given gatedBesides() {
    return given(PlanBuilder.of("a").task("x", t -> t.approval(null))).and(start("a", 1));
  }

  private static Command otherStart() {
    return new Command.StartExecution(
        PlanBuilder.of("a").build(), Given.KEY, null, Map.of(), null, 5, null, "other", "ann");
  }

  private static List<Row> pausing() {
    var rows = new Rows(null);
    rows.row(begun().and(PAUSE), SAME_START, NOTHING, "same request");
    rows.row(begun().and(PAUSE), start("b", 1), WRONG_STATE);
    rows.row(
        begun().and(start("b", 1), PAUSE),
        complete("a", 1, null),
        to(ExecutionStatus.PAUSING),
        "others run");
    rows.row(begun().and(PAUSE), complete("a", 1, null), to(ExecutionStatus.PAUSED), "last to run");
    rows.row(begun().and(PAUSE), fail("a", 1, "oops"), to(ExecutionStatus.PAUSED), "last to run");
    rows.row(begun().and(PAUSE), loseLease("a", 1), to(ExecutionStatus.PAUSED), "last to run");
    rows.row(begun().and(PAUSE), fireTimers(), NOTHING, "nothing due");
    rows.row(
        begun().and(PAUSE).after(Limits.TASK_TIMEOUT),
        fireTimers(),
        to(ExecutionStatus.PAUSED),
        "attempt's");
    rows.row(
        given(PlanBuilder.of().task("a", t -> t.timeout(Duration.ofDays(9))))
            .and(start("a", 1), PAUSE)
            .after(Limits.AUTO_RESUME_AFTER),
        fireTimers(),
        to(ExecutionStatus.RUNNING),
        "auto-resume");
    rows.row(begun().and(PAUSE), pause("p3", PauseMode.GRACEFUL), NOTHING, "graceful");
    rows.row(begun().and(PAUSE), PAUSE_AT_ONCE, to(ExecutionStatus.PAUSED), "immediate");
    rows.row(begun().and(PAUSE), RESUME, to(ExecutionStatus.RUNNING));
    rows.row(
        begun().and(start("b", 1), PAUSE, fail("a", 1, "oops")),
        RESUME,
        to(ExecutionStatus.FAILED),
        "a task had failed");
    rows.row(begun().and(PAUSE), CANCEL, to(ExecutionStatus.CANCELLED));
    rows.row(begun().and(PAUSE), RETRY, WRONG_STATE);
    rows.row(gatedBesides().and(PAUSE), APPROVE, to(ExecutionStatus.PAUSING));
    rows.row(gatedBesides().and(PAUSE), REJECT, to(ExecutionStatus.PAUSING), "rejected");
    rows.row(begun().and(PAUSE), SIGNAL, to(ExecutionStatus.PAUSING));
    return rows.rows();
  }

  private static Given nowPaused() {
    return begun().and(PAUSE_AT_ONCE);
  }

  private static List<Row> paused() {
    var rows = new Rows(null);
    rows.row(nowPaused(), SAME_START, NOTHING, "same request");
    rows.row(nowPaused(), start("b", 1), WRONG_STATE);
    rows.row(nowPaused(), complete("a", 1, null), STALE);
    rows.row(nowPaused(), fail("a", 1, "oops"), STALE);
    rows.row(nowPaused(), loseLease("a", 1), NOTHING);
    rows.row(nowPaused(), fireTimers(), NOTHING, "nothing due");
    rows.row(
        nowPaused().after(Limits.AUTO_RESUME_AFTER),
        fireTimers(),
        to(ExecutionStatus.RUNNING),
        "auto-resume");
    rows.row(
        begun().after(Limits.WORKFLOW_TIMEOUT).and(PAUSE_AT_ONCE).after(Limits.AUTO_RESUME_AFTER),
        fireTimers(),
        to(ExecutionStatus.TIMED_OUT),
        "auto-resume without time left");
    rows.row(nowPaused(), PAUSE_AT_ONCE, NOTHING);
    rows.row(nowPaused(), RESUME, to(ExecutionStatus.RUNNING));
    rows.row(
        lone().and(PAUSE, complete("a", 1, null)),
        RESUME,
        to(ExecutionStatus.COMPLETED),
        "all tasks had ended");
    rows.row(
        begun().and(PAUSE, fail("a", 1, "oops")),
        RESUME,
        to(ExecutionStatus.FAILED),
        "a task had failed");
    rows.row(nowPaused(), CANCEL, to(ExecutionStatus.CANCELLED));
    rows.row(nowPaused(), RETRY, WRONG_STATE);
    rows.row(gated().and(PAUSE), APPROVE, to(ExecutionStatus.PAUSED));
    rows.row(gated().and(PAUSE), REJECT, to(ExecutionStatus.PAUSED), "rejected");
    rows.row(waiting().and(PAUSE), SIGNAL, to(ExecutionStatus.PAUSED));
    rows.row(
        waiting().and(PAUSE, SIGNAL), RESUME, to(ExecutionStatus.COMPLETED), "the signal had come");
    rows.row(gated().and(PAUSE, REJECT), RESUME, to(ExecutionStatus.FAILED), "a task was rejected");
    return rows.rows();
  }

  private static Given nowCancelling() {
    return begun().and(new Event.CancelRequested("c0", "ann", null));
  }

  private static List<Row> cancelling() {
    var same = to(ExecutionStatus.CANCELLING);
    var rows = new Rows(null);
    rows.row(nowCancelling(), SAME_START, NOTHING, "same request");
    rows.row(nowCancelling(), start("b", 1), WRONG_STATE);
    rows.row(nowCancelling(), complete("a", 1, null), same);
    rows.row(nowCancelling(), fail("a", 1, "oops"), same);
    rows.row(nowCancelling(), loseLease("a", 1), same);
    rows.row(nowCancelling(), fireTimers(), to(ExecutionStatus.CANCELLED));
    rows.row(nowCancelling(), PAUSE, WRONG_STATE);
    rows.row(nowCancelling(), RESUME, WRONG_STATE);
    rows.row(nowCancelling(), CANCEL, to(ExecutionStatus.CANCELLED));
    rows.row(nowCancelling(), RETRY, WRONG_STATE);
    rows.row(gated().and(new Event.CancelRequested("c0", "ann", null)), APPROVE, WRONG_STATE);
    rows.row(nowCancelling(), SIGNAL, WRONG_STATE);
    return rows.rows();
  }

  private static List<Row> completed() {
    Given done =
        given(PlanBuilder.of("a", "b"))
            .and(start("a", 1), complete("a", 1, null), start("b", 1), complete("b", 1, null));
    var rows = new Rows(null);
    rows.row(done, SAME_START, NOTHING, "same request");
    rows.row(done, start("a", 2), WRONG_STATE);
    rows.row(done, complete("a", 1, null), NOTHING, "same result");
    rows.row(done, complete("a", 2, null), STALE, "other attempt");
    rows.row(done, fail("a", 1, "oops"), STALE);
    rows.row(done, loseLease("a", 1), NOTHING);
    rows.row(done, fireTimers(), NOTHING);
    rows.row(done, PAUSE, WRONG_STATE);
    rows.row(done, RESUME, WRONG_STATE);
    rows.row(done, CANCEL, WRONG_STATE);
    rows.row(done, RETRY, WRONG_STATE);
    rows.row(done, approve("d1", "a", null), WRONG_STATE);
    rows.row(done, SIGNAL, WRONG_STATE);
    rows.row(waiting().and(SIGNAL), SIGNAL, NOTHING, "same id");
    rows.row(gated().and(APPROVE_DONE), APPROVE, NOTHING, "approved before");
    rows.row(gated().and(APPROVE_DONE), REJECT, NOT_AWAITING, "approved before");
    return rows.rows();
  }

  private static List<Row> failed() {
    var rows = new Rows(null);
    Given ended = begun().and(fail("a", 1, "oops"));
    rows.row(ended, SAME_START, NOTHING, "same request");
    rows.row(ended, start("a", 2), WRONG_STATE);
    rows.row(ended, complete("a", 1, null), STALE);
    rows.row(ended, fail("a", 1, "oops"), NOTHING, "same failure");
    rows.row(ended, loseLease("a", 1), NOTHING);
    rows.row(ended, fireTimers(), NOTHING);
    rows.row(ended, PAUSE, WRONG_STATE);
    rows.row(ended, RESUME, WRONG_STATE);
    rows.row(ended, CANCEL, WRONG_STATE);
    rows.row(begun().and(fail("a", 1, "oops")), RETRY, to(ExecutionStatus.RUNNING));
    rows.row(
        given(PlanBuilder.of("a").outputSchema(v -> List.of("no")))
            .and(start("a", 1), complete("a", 1, null)),
        RETRY,
        WRONG_STATE,
        "only its output failed");
    rows.row(ended, approve("d1", "a", null), WRONG_STATE);
    rows.row(ended, SIGNAL, WRONG_STATE);
    return rows.rows();
  }

  private static List<Row> cancelled() {
    var rows = new Rows(null);
    Given ended = begun().and(cancel("c0"));
    rows.row(ended, CANCEL, NOTHING);
    return endedWithout(rows, ended);
  }

  private static List<Row> timedOut() {
    var rows = new Rows(null);
    Given ended = begun().after(Limits.WORKFLOW_TIMEOUT).and(fireTimers());
    rows.row(ended, CANCEL, WRONG_STATE);
    return endedWithout(rows, ended);
  }

  private static List<Row> endedWithout(Rows rows, Given ended) {
    rows.row(ended, SAME_START, NOTHING, "same request");
    rows.row(ended, start("a", 2), WRONG_STATE);
    rows.row(ended, complete("a", 1, null), STALE);
    rows.row(ended, fail("a", 1, "oops"), STALE);
    rows.row(ended, loseLease("a", 1), NOTHING);
    rows.row(ended, fireTimers(), NOTHING);
    rows.row(ended, PAUSE, WRONG_STATE);
    rows.row(ended, RESUME, WRONG_STATE);
    rows.row(ended, RETRY, WRONG_STATE);
    rows.row(ended, approve("d1", "a", null), WRONG_STATE);
    rows.row(ended, SIGNAL, WRONG_STATE);
    return rows.rows();
  }
}
