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
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApprovalsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static PlanBuilder gated() {
    return PlanBuilder.of("a").task("x", t -> t.needs("a").approval(null));
  }

  private static Given waiting(PlanBuilder plan) {
    return given(plan).and(start("a", 1), complete("a", 1, null));
  }

  @Test
  void taskWaitsForAPersonOnceItsNeedsHaveEnded() {
    Given given = given(gated()).and(start("a", 1));
    given
        .when(complete("a", 1, null))
        .then(new Event.TaskCompleted("a", 1, null), new Event.ApprovalRequested("x", null, null));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.AWAITING_APPROVAL);
    assertThat(given.task("x").input()).as("what is to be approved").isEqualTo(Map.of("n", 1L));
  }

  @Test
  void approvalHandsTheTaskToItsAgentAndIsRemembered() {
    Given given = waiting(gated());
    given
        .when(approve("d1", "x", null))
        .then(
            new Event.ApprovalDecided("d1", "x", true, "bob", "checked", null),
            new Event.TaskReadied("x", null));
    assertThat(given.task("x").gate())
        .isEqualTo(new Gate.Decided(true, "bob", "checked", Given.T0));
    given.and(start("x", 1), complete("x", 1, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(given.task("x").gate()).as("after the end").isNotNull();
  }

  @Test
  void outputOfAnApprovalIsTheTasks() {
    Given given =
        waiting(
            PlanBuilder.of("a")
                .task("x", t -> t.needs("a").approval(null).set("v", Scope::output)));
    given
        .when(approve("d1", "x", "by hand"))
        .then(
            new Event.ApprovalDecided("d1", "x", true, "bob", "checked", "by hand"),
            new Event.TaskPassed("x", "by hand"),
            new Event.VariablesSet("x", Map.of("v", "by hand")),
            new Event.ExecutionCompleted(Map.of("x", "by hand")));
  }

  @Test
  void outputThatTheTaskCanMakeNoUseOfFailsIt() {
    Given given =
        waiting(
            PlanBuilder.of("a")
                .task(
                    "x",
                    t ->
                        t.needs("a")
                            .approval(null)
                            .set(
                                "v",
                                s -> {
                                  throw new ExpressionException("no");
                                })));
    given.and(approve("d1", "x", "by hand"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(given.task("x").error().type()).isEqualTo(ErrorTypes.EXPRESSION);
  }

  @Test
  void rejectionFailsTheTaskForGood() {
    Given given = waiting(gated());
    var error = new TaskError(ErrorTypes.REJECTED, "rejected by bob: too much", null);
    given
        .when(reject("d1", "x"))
        .then(
            new Event.ApprovalDecided("d1", "x", false, "bob", "too much", null),
            new Event.TaskFailed("x", error),
            new Event.ExecutionFailed(error));
  }

  @Test
  void rejectionOfATaskThatMayFailLetsTheExecutionGoOn() {
    Given given =
        waiting(
            PlanBuilder.of("a")
                .task(
                    "x", t -> t.needs("a").approval(null).onFailure(PlannedTask.OnFailure.CONTINUE))
                .task("z", t -> t.needs("x").join(PlannedTask.Join.ALWAYS)));
    given.when(reject("d1", "x")).thenAmongOthers(new Event.TaskReadied("z", null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.RUNNING);
  }

  @Test
  void taskWithoutAnAgentCompletesByItsApproval() {
    Given given =
        given(PlanBuilder.of().task("x", t -> t.unmanned().approval(null).input(s -> "asked")));
    assertThat(given.task("x").input()).isEqualTo("asked");
    given
        .when(approve("d1", "x", null))
        .thenAmongOthers(
            new Event.TaskPassed("x", "asked"), new Event.ExecutionCompleted(Map.of("x", "asked")));
  }

  @Test
  void onlyThoseWithTheRoleDecide() {
    Given given = given(PlanBuilder.of().task("x", t -> t.approval(null, "finance", "board")));
    given
        .when(new Command.DecideApproval("d1", "x", true, "eve", List.of("sales"), null, null))
        .rejects(Code.NOT_AN_APPROVER, "[finance, board]");
    given
        .when(new Command.DecideApproval("d2", "x", false, "eve", List.of(), null, null))
        .rejects(Code.NOT_AN_APPROVER, "none");
    given
        .when(new Command.DecideApproval("d3", "x", true, "kim", List.of("board"), null, null))
        .thenAmongOthers(new Event.TaskReadied("x", null));
  }

  @Test
  void sameDecisionAgainIsNothingAndAnotherOneIsRefused() {
    Given given = waiting(gated()).and(approve("d1", "x", null));
    given.when(approve("d1", "x", null)).changesNothing();
    given.when(approve("d2", "x", null)).changesNothing();
    given.when(reject("d3", "x")).rejects(Code.NOT_AWAITING_APPROVAL, "approved by bob");
  }

  @Test
  void decisionOnATaskThatIsNotThereIsRefused() {
    given(gated()).when(approve("d1", "nope", null)).rejects(Code.TASK_NOT_FOUND);
    given(gated()).when(approve("d1", "x", null)).rejects(Code.NOT_AWAITING_APPROVAL, "PENDING");
  }

  @Test
  void outputBeyondTheLimitIsRefusedAndTheTaskWaitsOn() {
    waiting(gated())
        .when(approve("d1", "x", "x".repeat((int) Limits.PAYLOAD_BYTES_MAX + 1)))
        .rejects(Code.LIMIT_EXCEEDED, "waits on");
  }

  @Test
  void nobodyDecidesInTime() {
    Given given = waiting(PlanBuilder.of("a").task("x", t -> t.needs("a").approval(HOUR)));
    assertThat(Timers.next(given.state())).contains(Given.T0.plus(HOUR));
    given.after(HOUR.minusMillis(1)).when(fireTimers()).changesNothing();
    given
        .after(Duration.ofMillis(1))
        .when(fireTimers())
        .thenAmongOthers(
            new Event.TaskFailed(
                "x",
                new TaskError(
                    ErrorTypes.APPROVAL_EXPIRED, "nobody approved or rejected it within PT1H")));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void resumeDoesNotOpenTheGateAndApproveDoes() {
    Given given = waiting(gated()).and(pause("p1", PauseMode.GRACEFUL));
    given.and(resume("r1"));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.AWAITING_APPROVAL);
    given.and(pause("p2", PauseMode.GRACEFUL)).after(Limits.AUTO_RESUME_AFTER).and(fireTimers());
    assertThat(given.state().status()).as("auto-resume").isEqualTo(ExecutionStatus.RUNNING);
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.AWAITING_APPROVAL);
    given.and(approve("d1", "x", null));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void decisionWhilePausedIsFollowedOnceItGoesOn() {
    Given given =
        waiting(
                PlanBuilder.of("a")
                    .task("x", t -> t.needs("a").approval(null).unmanned())
                    .task("b", t -> t.needs("x")))
            .and(pause("p1", PauseMode.GRACEFUL));
    given
        .when(approve("d1", "x", 7L))
        .then(
            new Event.ApprovalDecided("d1", "x", true, "bob", "checked", 7L),
            new Event.TaskPassed("x", 7L));
    given.when(resume("r1")).thenAmongOthers(new Event.TaskReadied("b", null));
  }

  @Test
  void pauseMovesTheTimeInWhichToDecide() {
    Given given =
        waiting(PlanBuilder.of("a").task("x", t -> t.needs("a").approval(HOUR)))
            .after(Duration.ofMinutes(20))
            .and(pause("p1", PauseMode.GRACEFUL))
            .after(Duration.ofHours(5));
    given.when(fireTimers()).changesNothing();
    given.and(resume("r1"));
    assertThat(Timers.next(given.state())).contains(given.now().plus(Duration.ofMinutes(40)));
  }

  @Test
  void attemptsThatFollowNeedNoFurtherApproval() {
    Given given =
        given(PlanBuilder.of().task("x", t -> t.approval(null).retry(PlanBuilder.THRICE)))
            .and(approve("d1", "x", null), start("x", 1), loseLease("x", 1), start("x", 2))
            .and(fail("x", 2, "oops"))
            .after(Duration.ofSeconds(2))
            .and(fireTimers());
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void retryOfTheExecutionAsksAgain() {
    Given given = waiting(gated()).and(reject("d1", "x"), retry("t1", null));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.AWAITING_APPROVAL);
    given.and(approve("d2", "x", null));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void cancellationAndTimeOutEndTheWait() {
    Given cancelled = waiting(gated()).and(cancel("c1"));
    assertThat(cancelled.task("x").status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(cancelled.task("x").gate()).isNull();
    Given late = waiting(gated()).after(Limits.WORKFLOW_TIMEOUT).and(fireTimers());
    assertThat(late.state().status()).isEqualTo(ExecutionStatus.TIMED_OUT);
  }

  @Test
  void whatAwaitsApprovalIsListedAnewWhereItChangesAndByWhoTakesOver() {
    Given given = given(PlanBuilder.of().task("x", t -> t.approval(HOUR)));
    assertThat(Effects.of(given.state(), given.events()))
        .containsExactly(new Effect.ListApprovals(), new Effect.ArmTimer(Given.T0.plus(HOUR)));
    assertThat(Effects.recover(given.state()))
        .containsExactly(new Effect.ListApprovals(), new Effect.ArmTimer(Given.T0.plus(HOUR)));
    int before = given.events().size();
    given.and(approve("d1", "x", null));
    assertThat(Effects.of(given.state(), given.events().subList(before, given.events().size())))
        .containsExactly(new Effect.OfferTask("x"), new Effect.ListApprovals());
    assertThat(Effects.recover(given.state())).doesNotContain(new Effect.ListApprovals());
  }
}
