package dev.holdfast.core;

import static dev.holdfast.core.Given.approve;
import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.loseLease;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.reject;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.signal;
import static dev.holdfast.core.Given.start;
import static dev.holdfast.core.Given.startExecution;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      return task == null ? given.state().status() : given.task(task).status();
    }
  }

  private static final Command SAME_START = startExecution(PlanBuilder.of("a", "b").build());
  private static final Command PAUSE = pause("p1", PauseMode.GRACEFUL);
  private static final Command PAUSE_AT_ONCE = pause("p2", PauseMode.IMMEDIATE);
  private static final Command RESUME = resume("r1");
  private static final Command CANCEL = cancel("c1");
  private static final Command RETRY = retry("t1", null);
  private static final Command APPROVE = approve("d1", "x", null);
  private static final Command APPROVE_DONE = approve("d2", "x", "done");
  private static final Command REJECT = reject("d3", "x");
  private static final Command SIGNAL = signal("s1", "paid", 7L);
  private static final Nothing NOTHING = new Nothing();
  private static final Refused WRONG_STATE = new Refused(Code.WRONG_STATE);
  private static final Refused NOT_AWAITING = new Refused(Code.NOT_AWAITING_APPROVAL);
  private static final Refused STALE = new Refused(Code.STALE_ATTEMPT);

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

  private static To to(Enum<?> status) {
    return new To(status);
  }

  /** Of every command in every status of an execution. */
  static List<Row> ofExecutions() {
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
    var beside = new Rows(null);
    HookTable.ofExecutions(beside);
    rows.addAll(beside.rows);
    rows.addAll(ChildTable.ofExecutions());
    rows.addAll(SlotTable.ofExecutions());
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
    return rows.rows;
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
    return rows.rows;
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
  private static Given gatedBesides() {
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
    return rows.rows;
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
    return rows.rows;
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
    return rows.rows;
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
    return rows.rows;
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
    return rows.rows;
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
    return rows.rows;
  }

  /** Of every command on a task in every status of a task: the status is that of task x. */
  static List<Row> ofTasks() {
    var rows = new Rows("x");
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
    FanOutTable.ofTask(rows);
    FanOutTable.ofTaskThatAdds(rows);
    HookTable.ofTask(rows);
    ChildTable.ofTask(rows);
    return rows.rows;
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
    Given cancelsWhatAwaitsApproval = gatedBesides().and(CANCEL);
    Given takesSignals =
        given(PlanBuilder.of("b").task("x", t -> t.waitFor("paid", null).unmanned())).and(SIGNAL);
    var paths =
        new ArrayList<>(
            List.of(
                decidesAndRetries, cancelsWhatIsPending, cancelsWhatAwaitsApproval, takesSignals));
    paths.addAll(FanOutTable.otherPaths());
    paths.addAll(HookTable.otherPaths());
    return paths;
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
