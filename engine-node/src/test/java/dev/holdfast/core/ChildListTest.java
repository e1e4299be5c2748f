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

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.PlannedTask.OnParentClose;
import dev.holdfast.core.PlannedTask.WorkflowTask;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Lists whose items are carried out by an execution each. */
class ChildListTest {
  private static final List<Object> THREE = List.of("a", "b", "c");
  private static final TaskError OOPS = new TaskError("oops", "it went wrong");

  /** A list of three, each for an execution, and a task beside it. */
  private static Given three(UnaryOperator<PlanBuilder.TaskBuilder> with) {
    return given(
        PlanBuilder.of("b")
            .task("lines", t -> with.apply(t.forEach(s -> THREE).workflow("settlement"))));
  }

  private static Command completed(int item, int attempt, Object output) {
    return tell(id(item), attempt, new ChildReport.Completed(output));
  }

  private static Command failed(int item, int attempt) {
    return tell(id(item), attempt, new ChildReport.Failed(OOPS));
  }

  private static Command begun(int item, int attempt) {
    return startChild(id(item), attempt);
  }

  private static String id(int item) {
    return "lines[" + item + "]";
  }

  private static String child(Given given, int item) {
    return given.task(id(item)).attempts().getLast().child().id();
  }

  @Test
  void everyItemIsCarriedOutByAnExecutionOfItsOwn() {
    Given given = three(t -> t.timeout(Duration.ofDays(9)));
    assertThat(given.state().plan().task("lines[2]").kind())
        .isEqualTo(new WorkflowTask("settlement", null, OnParentClose.CANCEL));
    assertThat(Effects.of(given.state(), given.events()))
        .contains(
            new Effect.StartChild("lines[0]"),
            new Effect.StartChild("lines[1]"),
            new Effect.StartChild("lines[2]"));
    given
        .when(begun(1, 1))
        .then(
            new Event.ChildStarted(
                "lines[1]",
                1,
                nonce("lines[1]", 1),
                "one/lines.1",
                "settlement",
                3,
                Given.T0.plus(Duration.ofDays(9))));
    Attempt attempt = given.task("lines[1]").runningAttempt();
    var start =
        ChildCommands.start(
            given.state(), "lines[1]", attempt, attempt.child(), PlanBuilder.of("c").build());
    assertThat(start.key()).isEqualTo(new ExecutionKey("default", "one/lines.1"));
    assertThat(start.input()).isEqualTo("b");
    assertThat(start.parent()).isEqualTo(new ParentLink("one", "lines[1]", 1, 1));
  }

  @Test
  void outputsOfTheExecutionsComeInTheOrderOfTheList() {
    Given given = three(t -> t.set("all", Scope::output));
    for (int item : new int[] {2, 0, 1}) {
      given.and(begun(item, 1), completed(item, 1, "done " + item));
    }
    assertThat(given.task("lines").output()).isEqualTo(List.of("done 0", "done 1", "done 2"));
    assertThat(given.state().variables())
        .containsEntry("all", List.of("done 0", "done 1", "done 2"));
  }

  @Test
  void emptyListStartsNothing() {
    Given given = three(t -> t.forEach(s -> List.of()));
    assertThat(given.task("lines").status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(given.task("lines").output()).isEqualTo(List.of());
  }

  @Test
  void noMoreExecutionsAreUnderWayThanConcurrencyAllows() {
    Given given = three(t -> t.forEach(s -> THREE, 1, 9).retry(PlanBuilder.THRICE));
    given.and(begun(0, 1), failed(0, 1));
    assertThat(given.task("lines[1]").status())
        .as("a retry keeps its place")
        .isEqualTo(TaskStatus.PENDING);
    given.after(Duration.ofSeconds(1)).and(fireTimers(), begun(0, 2));
    assertThat(child(given, 0)).isEqualTo("one/lines.0/2");
    given
        .when(completed(0, 2, "x"))
        .then(new Event.TaskCompleted("lines[0]", 2, "x"), new Event.TaskReadied("lines[1]", "b"));
  }

  @Test
  void failedItemFailsTheListAndTheOthersExecutionsAreToEnd() {
    Given given = three(t -> t).and(begun(0, 1), begun(1, 1), completed(0, 1, "x"), begun(2, 1));
    given
        .when(failed(1, 1))
        .thenAmongOthers(
            new Event.TaskFailed("lines[1]", OOPS),
            new Event.TaskCancelled("lines[2]"),
            new Event.TaskFailed("lines", new TaskError("oops", "lines[1]: it went wrong")));
    assertThat(Children.wish(given.state(), "lines[2]", 1)).isEqualTo(new ParentWish.Cancel());
    assertThat(Children.wish(given.state(), "lines[1]", 1)).isEqualTo(new ParentWish.Release());
    assertThat(Effects.of(given.state(), given.events()))
        .contains(new Effect.LeaveChild("lines[2]", given.task("lines[2]").attempts().getLast()));
    Given abandons =
        three(t -> t.workflow("s", OnParentClose.ABANDON))
            .and(begun(0, 1), begun(1, 1), cancel("c1"));
    assertThat(Children.wish(abandons.state(), "lines[1]", 1)).isEqualTo(new ParentWish.Release());
  }

  @Test
  void listThatContinuesHasNullForItemsWhoseExecutionsFailed() {
    Given given =
        three(t -> t.onFailure(OnFailure.CONTINUE))
            .and(begun(0, 1), begun(1, 1), begun(2, 1))
            .and(completed(0, 1, "x"), failed(1, 1), completed(2, 1, "z"));
    assertThat(given.task("lines").output()).isEqualTo(Arrays.asList("x", null, "z"));
  }

  @Test
  void pauseWaitsForAllExecutionsOfTheListAndGoesDownToThem() {
    Given given = three(t -> t.forEach(s -> THREE, 2, 9)).and(begun(0, 1), begun(1, 1));
    given.and(pause("p1", PauseMode.IMMEDIATE));
    var wish = new ParentWish.Pause(PauseMode.IMMEDIATE, Given.T0.plus(Limits.AUTO_RESUME_AFTER));
    assertThat(Children.wish(given.state(), "lines[0]", 1)).isEqualTo(wish);
    assertThat(Children.wish(given.state(), "lines[1]", 1)).isEqualTo(wish);
    given.and(tell("lines[0]", 1, new ChildReport.Paused()));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSING);
    given.and(completed(1, 1, "y"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(given.task("lines[2]").status()).isEqualTo(TaskStatus.PENDING);
    given.when(resume("r1")).thenAmongOthers(new Event.TaskReadied("lines[2]", "c"));
    assertThat(Children.wish(given.state(), "lines[0]", 1)).isEqualTo(new ParentWish.Run());
  }

  @Test
  void retryGivesItemsThatDidNotCompleteAnotherExecution() {
    Given given = three(t -> t).and(begun(0, 1), begun(1, 1), completed(0, 1, "x"), failed(1, 1));
    given.and(retry("t1", "lines[1]"), begun(1, 2));
    assertThat(child(given, 1)).isEqualTo("one/lines.1/2");
    given.and(begun(2, 1));
    assertThat(child(given, 2)).as("it had none before").isEqualTo("one/lines.2");
  }

  /** The list comes from a task that fails the first time, and is run again by a retry. */
  private static Given madeAnew(OnParentClose onParentClose) {
    return given(
            PlanBuilder.of()
                .task("source", t -> t.onFailure(OnFailure.CONTINUE))
                .task(
                    "lines",
                    t ->
                        t.needs("source")
                            .join(Join.ALWAYS)
                            .retry(PlanBuilder.THRICE)
                            .forEach(s -> THREE, 2, 9)
                            .workflow("s", onParentClose)))
        .and(start("source", 1), fail("source", 1, "oops"))
        .and(begun(0, 1), failed(0, 1), begun(1, 1))
        .after(Duration.ofSeconds(1))
        .and(fireTimers(), begun(0, 2))
        .and(tell("lines[0]", 2, new ChildReport.NotStarted(OOPS)), retry("t1", null));
  }

  @Test
  void listThatIsMadeAnewNeverUsesAnExecutionsIdAgain() {
    Given given = madeAnew(OnParentClose.CANCEL);
    assertThat(given.state().plan().tasks()).as("the list is gone").hasSize(2);
    given.and(start("source", 2), complete("source", 2, "now"), begun(0, 3), begun(1, 3));
    assertThat(child(given, 0)).isEqualTo("one/lines.0/3");
    assertThat(child(given, 1)).isEqualTo("one/lines.1/3");
    given.when(completed(1, 1, "of the list before")).changesNothing();
    given.and(failed(1, 3));
    assertThat(given.task("lines[1]").status())
        .as("attempts are counted from zero")
        .isEqualTo(TaskStatus.RETRYING);
  }

  @Test
  void itemThatNeverBeganKeepsItsPlaceInTheNumbersThroughAnotherRetry() {
    Given given = madeAnew(OnParentClose.CANCEL);
    given.and(start("source", 2), complete("source", 2, "now"), begun(0, 3));
    given.and(tell("lines[0]", 3, new ChildReport.NotStarted(OOPS)), retry("t2", null));
    given.and(begun(0, 4), begun(1, 3));
    assertThat(child(given, 0)).isEqualTo("one/lines.0/4");
    assertThat(child(given, 1)).isEqualTo("one/lines.1/3");
  }

  @Test
  void executionsOfAListThatIsGoneAreToEndOrLeftAlone() {
    Given cancels = madeAnew(OnParentClose.CANCEL);
    assertThat(Children.wish(cancels.state(), "lines[1]", 1)).isEqualTo(new ParentWish.Cancel());
    cancels.and(start("source", 2), complete("source", 2, "now"), begun(1, 3));
    assertThat(Children.wish(cancels.state(), "lines[1]", 1)).isEqualTo(new ParentWish.Cancel());
    assertThat(Children.wish(cancels.state(), "lines[1]", 3)).isEqualTo(new ParentWish.Run());
    assertThat(Children.wish(cancels.state(), "others[1]", 1)).isEqualTo(new ParentWish.Release());
    Given abandons = madeAnew(OnParentClose.ABANDON);
    assertThat(Children.wish(abandons.state(), "lines[1]", 1)).isEqualTo(new ParentWish.Release());
  }

  @Test
  void listThatCompletedItsItemsAndFailedOnItsOutputStartsOthers() {
    Given given =
        given(
                PlanBuilder.of()
                    .task(
                        "lines",
                        t ->
                            t.forEach(s -> List.of("a"))
                                .workflow("s")
                                .set(
                                    "v",
                                    s -> {
                                      throw new ExpressionException("no");
                                    })))
            .and(begun(0, 1), completed(0, 1, "x"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    given.and(retry("t1", null), begun(0, 2));
    assertThat(child(given, 0)).isEqualTo("one/lines.0/2");
  }

  @Test
  void levelsBelowTheFirstAreCountedForItemsToo() {
    Plan plan = PlanBuilder.of().task("lines", t -> t.forEach(s -> THREE).workflow("plan")).build();
    Given tooDeep = Given.nothing(plan);
    tooDeep.and(Given.startChildExecution(plan, Limits.CHILD_DEPTH_MAX));
    assertThat(tooDeep.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(tooDeep.state().error().message())
        .startsWith("lines[0]: ")
        .contains("CHILD_DEPTH_MAX is 8");
  }

  @Test
  void whatUndoesAnItemIsGivenItsExecutionsOutput() {
    Given given =
        three(t -> t.compensate().onFailure(OnFailure.COMPENSATE))
            .and(begun(0, 1), begun(1, 1), completed(0, 1, "x"), failed(1, 1));
    assertThat(given.task("lines[0].compensate").input()).isEqualTo("x");
    given.and(start("lines[0].compensate", 1), complete("lines[0].compensate", 1, null));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void outputOfTheExecutionHasTheListOfOutputs() {
    Given given =
        given(PlanBuilder.of().task("x", t -> t.forEach(s -> List.of(1L, 2L)).workflow("s")))
            .and(startChild("x[0]", 1), startChild("x[1]", 1))
            .and(tell("x[1]", 1, new ChildReport.Completed("two")))
            .and(tell("x[0]", 1, new ChildReport.Completed("one")));
    assertThat(given.state().output()).isEqualTo(Map.of("x", List.of("one", "two")));
  }
}
