package dev.holdfast.core;

import static dev.holdfast.core.Given.cancel;
import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.nonce;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.start;
import static dev.holdfast.core.Given.startChild;
import static dev.holdfast.core.Given.tell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.OnParentClose;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Tasks that other executions carry out, seen from their execution. */
class ChildrenTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final TaskError OOPS = new TaskError("oops", "it went wrong");

  private static Given settling(UnaryOperator<PlanBuilder.TaskBuilder> with) {
    return given(
        PlanBuilder.of("b")
            .task(
                "x",
                t ->
                    with.apply(
                        t.workflow("settlement").timeout(Duration.ofDays(9)).input(s -> "in"))));
  }

  private static Given settling() {
    return settling(t -> t);
  }

  private static ChildReport completed(Object output) {
    return new ChildReport.Completed(output);
  }

  private static ChildReport failed() {
    return new ChildReport.Failed(OOPS);
  }

  @Test
  void taskWhoseNeedsHaveEndedWaitsForItsChildsStart() {
    Given given = settling();
    assertThat(given.events()).contains(new Event.TaskReadied("x", "in"));
    assertThat(Effects.of(given.state(), given.events()))
        .contains(new Effect.StartChild("x"), new Effect.OfferTask("b"))
        .doesNotContain(new Effect.OfferTask("x"));
  }

  @Test
  void attemptBeginsWithTheVersionAndTheIdOfItsChild() {
    Given given = settling();
    var begun =
        new Event.ChildStarted(
            "x", 1, nonce("x", 1), "one/x", "settlement", 3, Given.T0.plus(Duration.ofDays(9)));
    given.when(startChild("x", 1)).then(begun);
    Attempt attempt = given.task("x").runningAttempt();
    assertThat(attempt.child()).isEqualTo(new ChildRun("one/x", 3, false));
    assertThat(attempt.worker()).isEqualTo("settlement v3");
    assertThat(Effects.of(given.state(), List.of(begun)))
        .contains(new Effect.HoldChild("x", attempt, true));
  }

  @Test
  void startOfTheChildSaysWhoseItIs() {
    Given given = settling().and(startChild("x", 1));
    Attempt attempt = given.task("x").runningAttempt();
    Plan plan = PlanBuilder.of("c").build();
    var start = ChildCommands.start(given.state(), "x", attempt, attempt.child(), plan);
    assertThat(start.key().id()).isEqualTo("one/x");
    assertThat(start.input()).isEqualTo("in");
    assertThat(start.by()).isEqualTo("ann");
    assertThat(start.parent()).isEqualTo(new ParentLink("one", "x", 1, 1));
    var again = ChildCommands.start(given.state(), "x", attempt, attempt.child(), plan);
    assertThat(again.requestDigest()).isEqualTo(start.requestDigest());
  }

  @Test
  void outputOfTheChildIsTheTasks() {
    Given given = settling(t -> t.set("sum", Scope::output)).and(startChild("x", 1));
    given
        .when(tell("x", 1, completed(5L)))
        .then(new Event.TaskCompleted("x", 1, 5L), new Event.VariablesSet("x", Map.of("sum", 5L)));
    given.when(tell("x", 1, completed(6L))).changesNothing();
    given.when(tell("x", 1, failed())).changesNothing();
  }

  @Test
  void failureOfTheChildIsAFailedAttemptAndTheNextHasAChildOfItsOwn() {
    Given given = settling(t -> t.retry(PlanBuilder.THRICE)).and(startChild("x", 1));
    given
        .when(tell("x", 1, failed()))
        .then(
            new Event.AttemptFailed("x", 1, AttemptOutcome.ERROR, OOPS),
            new Event.TaskRetryScheduled("x", Given.T0.plusSeconds(1)));
    given.after(Duration.ofSeconds(1)).and(fireTimers());
    assertThat(Effects.of(given.state(), List.of(new Event.TaskRequeued("x"))))
        .contains(new Effect.StartChild("x"));
    given.and(startChild("x", 2));
    assertThat(given.task("x").runningAttempt().child().id()).isEqualTo("one/x/2");
    given.when(tell("x", 1, completed(1L))).changesNothing();
  }

  @Test
  void childThatCantBeStartedFailsTheTaskAtOnce() {
    Given given = settling(t -> t.retry(PlanBuilder.THRICE)).and(startChild("x", 1));
    given
        .when(tell("x", 1, new ChildReport.NotStarted(OOPS)))
        .thenAmongOthers(new Event.TaskFailed("x", OOPS));
  }

  @Test
  void retryOfTheExecutionBeginsAnotherChild() {
    Given given = settling().and(startChild("x", 1), tell("x", 1, failed()));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    given.and(retry("t1", "x")).and(startChild("x", 2));
    assertThat(given.task("x").runningAttempt().child().id()).isEqualTo("one/x/2");
  }

  @Test
  void outputThatIsTooLargeFailsTheTask() {
    Given given = settling(t -> t.retry(PlanBuilder.THRICE)).and(startChild("x", 1));
    String large = "x".repeat((int) Limits.PAYLOAD_BYTES_MAX + 1);
    given.and(tell("x", 1, completed(large)));
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.FAILED);
    assertThat(given.task("x").error().message()).contains("PAYLOAD_BYTES_MAX");
  }

  @Test
  void pauseWaitsForTheChildToo() {
    Given given = settling().and(startChild("x", 1)).and(pause("p1", PauseMode.IMMEDIATE));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSING);
    Attempt attempt = given.task("x").runningAttempt();
    assertThat(Effects.of(given.state(), List.of(given.events().getLast())))
        .contains(new Effect.HoldChild("x", attempt, false));
    assertThat(Children.wish(given.state(), "x", 1))
        .isEqualTo(
            new ParentWish.Pause(PauseMode.IMMEDIATE, Given.T0.plus(Limits.AUTO_RESUME_AFTER)));
    given
        .when(tell("x", 1, new ChildReport.Paused()))
        .then(new Event.ChildPaused("x", 1), new Event.ExecutionPaused());
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.RUNNING);
  }

  @Test
  void pauseDoesNotCountForTheTasksTime() {
    Given given =
        settling(t -> t.timeout(HOUR))
            .and(startChild("x", 1))
            .after(Duration.ofMinutes(20))
            .and(pause("p1", PauseMode.GRACEFUL), tell("x", 1, new ChildReport.Paused()));
    given.after(Duration.ofHours(3)).when(fireTimers()).changesNothing();
    given.and(resume("r1"));
    assertThat(Children.wish(given.state(), "x", 1)).isEqualTo(new ParentWish.Run());
    assertThat(given.task("x").runningAttempt().child().paused()).isFalse();
    assertThat(given.task("x").runningAttempt().deadline())
        .isEqualTo(given.now().plus(Duration.ofMinutes(40)));
    given.after(Duration.ofMinutes(40)).and(fireTimers());
    assertThat(given.task("x").status()).isEqualTo(TaskStatus.FAILED);
  }

  @Test
  void childThatIsPausedAloneChangesNothing() {
    settling()
        .and(startChild("x", 1))
        .when(tell("x", 1, new ChildReport.Paused()))
        .changesNothing();
  }

  @Test
  void childThatEndsWhileTheParentIsPausedIsWrittenDown() {
    Given given =
        settling()
            .and(startChild("x", 1))
            .and(pause("p1", PauseMode.GRACEFUL), tell("x", 1, new ChildReport.Paused()))
            .and(tell("x", 1, completed(5L)));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
    given.and(start(given));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  /** Resumes, and does the other task. */
  private static Command[] start(Given given) {
    return new Command[] {resume("r1"), Given.start("b", 1), complete("b", 1, null)};
  }

  @Test
  void timedOutAttemptsChildIsToEnd() {
    Given given =
        settling(t -> t.timeout(HOUR).workflow("s", OnParentClose.ABANDON))
            .and(startChild("x", 1))
            .after(HOUR)
            .and(fireTimers());
    assertThat(given.task("x").error().type()).isEqualTo(ErrorTypes.TIMEOUT);
    assertThat(Children.wish(given.state(), "x", 1)).isEqualTo(new ParentWish.Cancel());
  }

  @Test
  void endedParentsChildIsCancelledOrLeftAlone() {
    Given cancels = settling().and(startChild("x", 1)).and(cancel("c1"));
    Attempt attempt = cancels.task("x").attempts().getLast();
    assertThat(Effects.of(cancels.state(), cancels.events()))
        .contains(new Effect.LeaveChild("x", attempt));
    assertThat(Children.wish(cancels.state(), "x", 1)).isEqualTo(new ParentWish.Cancel());
    Given abandons =
        settling(t -> t.workflow("s", OnParentClose.ABANDON))
            .and(startChild("x", 1), Given.start("b", 1), fail("b", 1, "oops"));
    assertThat(abandons.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(Children.wish(abandons.state(), "x", 1)).isEqualTo(new ParentWish.Release());
  }

  @Test
  void childThatReportedItsEndIsItsUsersBusiness() {
    Given given = settling().and(startChild("x", 1), tell("x", 1, failed()));
    assertThat(Children.wish(given.state(), "x", 1)).isEqualTo(new ParentWish.Release());
    assertThat(Children.wish(given.state(), "x", 7)).isEqualTo(new ParentWish.Release());
    assertThat(Children.wish(given.state(), "nobody", 1)).isEqualTo(new ParentWish.Release());
  }

  @Test
  void wishesAreNumberedByTheEventsThatChangedThem() {
    Given given = settling().and(startChild("x", 1));
    long running = Children.wishSeq(given.state());
    given.and(pause("p1", PauseMode.GRACEFUL));
    long paused = Children.wishSeq(given.state());
    given.and(tell("x", 1, new ChildReport.Paused()));
    assertThat(Children.wishSeq(given.state())).isEqualTo(paused).isGreaterThan(running);
    given.and(resume("r1"));
    assertThat(Children.wishSeq(given.state())).isGreaterThan(paused);
  }

  @Test
  void levelsBelowTheFirstAreCounted() {
    Plan plan = PlanBuilder.of().task("x", t -> t.workflow("plan")).build();
    Given deepest = Given.nothing(plan);
    deepest.and(Given.startChildExecution(plan, Limits.CHILD_DEPTH_MAX - 1));
    assertThat(deepest.task("x").status()).isEqualTo(TaskStatus.READY);
    Given tooDeep = Given.nothing(plan);
    tooDeep.and(Given.startChildExecution(plan, Limits.CHILD_DEPTH_MAX));
    assertThat(tooDeep.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(tooDeep.state().error().message()).contains("CHILD_DEPTH_MAX is 8");
  }

  @Test
  void recoveryHoldsChildrenAndHasThemAskTheirParents() {
    Given parent = settling().and(startChild("x", 1));
    assertThat(Effects.recover(parent.state()))
        .contains(new Effect.HoldChild("x", parent.task("x").runningAttempt(), false));
    Given child = Given.child(PlanBuilder.of("a"));
    assertThat(Effects.recover(child.state()))
        .contains(new Effect.AskParent())
        .doesNotContain(new Effect.TellParent());
    child.and(pause("p1", PauseMode.GRACEFUL));
    assertThat(Effects.recover(child.state()))
        .contains(new Effect.AskParent(), new Effect.TellParent());
    child.and(cancel("c1"));
    assertThat(Effects.recover(child.state()))
        .containsExactly(new Effect.TellParent(), new Effect.EndExecution());
  }

  @Test
  void recoveryTellsChildrenThatNobodyWantsAnyMore() {
    Given cancelled = settling().and(startChild("x", 1), cancel("c1"));
    assertThat(cancelled.state().status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(Effects.recover(cancelled.state()))
        .contains(new Effect.LeaveChild("x", cancelled.task("x").attempts().getFirst()));
    Given abandoned =
        settling(t -> t.workflow("s", OnParentClose.ABANDON)).and(startChild("x", 1), cancel("c1"));
    assertThat(Effects.recover(abandoned.state())).containsExactly(new Effect.EndExecution());
    Given failed = settling().and(startChild("x", 1), tell("x", 1, failed()));
    assertThat(Effects.recover(failed.state())).containsExactly(new Effect.EndExecution());
  }

  @Test
  void whatAChildReports() {
    Given child = Given.child(PlanBuilder.of("a"));
    assertThat(Following.report(child.state())).isEmpty();
    Given failing = Given.child(PlanBuilder.of("a")).and(Given.start("a", 1), fail("a", 1, "oops"));
    assertThat(Following.report(failing.state()))
        .contains(
            new ChildReport.Failed(new TaskError("oops", "execution one: it went wrong", null)));
    child.and(cancel("c1"));
    assertThat(Following.report(child.state()).orElseThrow())
        .isInstanceOfSatisfying(
            ChildReport.Failed.class,
            report -> assertThat(report.error().type()).isEqualTo(ErrorTypes.CHILD_CANCELLED));
    Given late = Given.child(PlanBuilder.of("a")).after(Limits.WORKFLOW_TIMEOUT).and(fireTimers());
    assertThat(Following.report(late.state()).orElseThrow())
        .isInstanceOfSatisfying(
            ChildReport.Failed.class,
            report -> assertThat(report.error().type()).isEqualTo(ErrorTypes.WORKFLOW_TIMEOUT));
  }

  @Test
  void parentResumesOnlyWhatItPaused() {
    var pause = new ParentWish.Pause(PauseMode.GRACEFUL, Given.T0.plus(HOUR));
    Given paused = Given.child(PlanBuilder.of("a")).and(Given.follow(10, pause));
    assertThat(paused.state().pause().autoResumeAt()).isEqualTo(Given.T0.plus(HOUR));
    paused.and(Given.follow(11, new ParentWish.Run()));
    assertThat(paused.state().status()).isEqualTo(ExecutionStatus.RUNNING);
    Given byUser =
        Given.child(PlanBuilder.of("a"))
            .and(pause("p1", PauseMode.GRACEFUL), Given.follow(10, pause));
    byUser.when(Given.follow(11, new ParentWish.Run())).changesNothing();
    Given resumedByUser =
        Given.child(PlanBuilder.of("a")).and(Given.follow(10, pause)).and(resume("r1"));
    resumedByUser.when(Given.follow(10, pause)).changesNothing();
    Given oddId = Given.child(PlanBuilder.of("a")).and(pause("parent/odd", PauseMode.GRACEFUL));
    assertThat(oddId.state().pause().parentSeq()).isZero();
  }
}
