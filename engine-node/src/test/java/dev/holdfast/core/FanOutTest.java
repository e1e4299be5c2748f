package dev.holdfast.core;

import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.Rejection.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tasks with {@code forEach}. */
class FanOutTest {
  private static final List<Object> THREE = List.of("a", "b", "c");

  /** A list of three, and a task that needs it. */
  private static PlanBuilder three(UnaryOperator<PlanBuilder.TaskBuilder> with) {
    return PlanBuilder.of()
        .task("lines", t -> with.apply(t.forEach(s -> THREE)))
        .task("sum", t -> t.needs("lines"));
  }

  private static Event.TaskReadied readied(String task, Object input) {
    return new Event.TaskReadied(task, input);
  }

  @Test
  void everyItemOfTheListBecomesATask() {
    Plan plan = three(t -> t).build();
    Given.nothing(plan)
        .when(Given.startExecution(plan))
        .thenAmongOthers(
            new Event.TaskExpanded("lines", THREE),
            readied("lines[0]", "a"),
            readied("lines[1]", "b"),
            readied("lines[2]", "c"));
    Given given = given(plan);
    assertThat(given.task("lines").status()).isEqualTo(TaskStatus.RUNNING);
    assertThat(given.state().plan().task("lines[2]").kind())
        .isEqualTo(new PlannedTask.AgentTask("agent-lines", Map.of()));
    assertThat(plan.tasks()).as("the definition's own").hasSize(2);
  }

  @Test
  void inputsAreMadeOfItemAndIndex() {
    given(three(t -> t.input(s -> s.item() + "/" + s.index())))
        .and(start("lines[1]", 1))
        .when(fireTimers())
        .changesNothing();
    Given given = given(three(t -> t.input(s -> s.item() + "/" + s.index())));
    assertThat(given.task("lines[1]").input()).isEqualTo("b/1");
  }

  @Test
  void outputsComeInTheOrderOfTheListHoweverTheItemsEnd() {
    Given given = given(three(t -> t));
    for (int i : new int[] {2, 0, 1}) {
      given.and(start("lines[" + i + "]", 1), complete("lines[" + i + "]", 1, "done " + i));
    }
    assertThat(given.events())
        .endsWith(new Event.TaskGathered("lines"), new Event.TaskReadied("sum", null));
    assertThat(given.task("lines").output()).isEqualTo(List.of("done 0", "done 1", "done 2"));
    given.and(start("sum", 1), complete("sum", 1, 3L));
    assertThat(given.state().output()).isEqualTo(Map.of("sum", 3L));
  }

  @Test
  void listThatNobodyNeedsIsTheExecutionsOutputAndItsItemsAreNot() {
    Given given = given(PlanBuilder.of().task("lines", t -> t.forEach(s -> List.of("a"))));
    given.and(start("lines[0]", 1), complete("lines[0]", 1, "x"));
    assertThat(given.state().output()).isEqualTo(Map.of("lines", List.of("x")));
  }

  @Test
  void emptyListCompletesAtOnceWithAnEmptyList() {
    Given given =
        given(
            PlanBuilder.of()
                .task("lines", t -> t.forEach(s -> List.of()).set("n", s -> s.output()))
                .task("sum", t -> t.needs("lines")));
    assertThat(given.task("lines").status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(given.task("lines").output()).isEqualTo(List.of());
    assertThat(given.task("sum").status()).isEqualTo(TaskStatus.READY);
    assertThat(given.state().variables()).containsEntry("n", List.of());
  }

  @Test
  void noMoreAreUnderWayThanConcurrencyAllows() {
    Given given = given(three(t -> t.forEach(s -> THREE, 2, 10).retry(PlanBuilder.THRICE)));
    assertThat(given.task("lines[2]").status()).isEqualTo(TaskStatus.PENDING);
    given.and(start("lines[0]", 1), fail("lines[0]", 1, "oops"));
    assertThat(given.task("lines[2]").status())
        .as("a retry keeps its place")
        .isEqualTo(TaskStatus.PENDING);
    given
        .and(start("lines[1]", 1))
        .when(complete("lines[1]", 1, "x"))
        .then(new Event.TaskCompleted("lines[1]", 1, "x"), readied("lines[2]", "c"));
  }

  @Test
  void itemIsTriedAgainByItself() {
    Given given = given(three(t -> t.retry(PlanBuilder.THRICE)));
    given.and(start("lines[0]", 1), start("lines[1]", 1), fail("lines[0]", 1, "oops"));
    assertThat(given.task("lines[0]").status()).isEqualTo(TaskStatus.RETRYING);
    assertThat(given.task("lines[1]").status()).isEqualTo(TaskStatus.RUNNING);
    given.after(Duration.ofSeconds(1)).when(fireTimers()).then(new Event.TaskRequeued("lines[0]"));
  }

  @Test
  void failedItemFailsTheListAndStopsTheOthers() {
    Given given = given(three(t -> t));
    given.and(start("lines[0]", 1), start("lines[1]", 1), complete("lines[0]", 1, "x"));
    given
        .when(fail("lines[1]", 1, "oops"))
        .thenAmongOthers(
            new Event.TaskFailed("lines[1]", new TaskError("oops", "it went wrong")),
            new Event.TaskCancelled("lines[2]"),
            new Event.TaskFailed("lines", new TaskError("oops", "lines[1]: it went wrong")),
            new Event.TaskCancelled("sum"),
            new Event.ExecutionFailed(new TaskError("oops", "lines[1]: it went wrong")));
  }

  @Test
  void listThatContinuesHasNullForItemsThatFailed() {
    Given given = given(three(t -> t.onFailure(OnFailure.CONTINUE)));
    given
        .and(start("lines[0]", 1), complete("lines[0]", 1, "x"))
        .and(start("lines[1]", 1), fail("lines[1]", 1, "oops"))
        .and(start("lines[2]", 1), complete("lines[2]", 1, "z"));
    assertThat(given.task("lines").output()).isEqualTo(Arrays.asList("x", null, "z"));
    assertThat(given.task("sum").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void listThatContinuesFailsWhenAllOfItsItemsDid() {
    Given given = given(three(t -> t.onFailure(OnFailure.CONTINUE)));
    for (int i = 0; i < 3; i++) {
      given.and(start("lines[" + i + "]", 1), fail("lines[" + i + "]", 1, "oops"));
    }
    assertThat(given.task("lines").status()).isEqualTo(TaskStatus.FAILED);
    assertThat(given.task("sum").status()).isEqualTo(TaskStatus.SKIPPED);
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  @Test
  void itemWhoseInputCantBeMadeFails() {
    Given given =
        given(
            three(t ->
                t.onFailure(OnFailure.CONTINUE)
                    .input(s -> {
                      if (s.index() == 1) {
                        throw new ExpressionException("no");
                      }
                      return s.item();
                    })));
    assertThat(given.task("lines[1]").status()).isEqualTo(TaskStatus.FAILED);
    assertThat(given.task("lines[2]").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void whatIsNotAListFailsTheTask() {
    Given given = given(PlanBuilder.of().task("lines", t -> t.forEach(s -> 7L)));
    assertThat(given.state().error())
        .isEqualTo(
            new TaskError(ErrorTypes.EXPRESSION, "forEach must be a list, but is the number 7"));
  }

  @Test
  void boundsAreNamedWhenTheyArePassed() {
    Given own = given(PlanBuilder.of().task("lines", t -> t.forEach(s -> THREE, 9, 2)));
    assertThat(own.state().error())
        .isEqualTo(new TaskError(ErrorTypes.LIMIT_EXCEEDED, "forEach has 3 items, maxItems is 2"));
    List<Object> many = new ArrayList<>(IntStream.range(0, Limits.TASKS_MAX).boxed().toList());
    many.replaceAll(i -> ((Integer) i).longValue());
    Given all = given(PlanBuilder.of().task("lines", t -> t.forEach(s -> many)));
    assertThat(all.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(all.state().error().message()).contains("1001 tasks, TASKS_MAX is 1000");
    Given most =
        given(PlanBuilder.of().task("lines", t -> t.forEach(s -> many.subList(1, many.size()))));
    assertThat(most.state().tasks()).hasSize(Limits.TASKS_MAX);
    assertThat(most.state().status()).isEqualTo(ExecutionStatus.RUNNING);
  }

  @Test
  void pauseKeepsItemsThatHaveNotBegunAndResumeGoesOn() {
    Given given = given(three(t -> t.forEach(s -> THREE, 1, 9)));
    given.and(start("lines[0]", 1), pause("p", PauseMode.GRACEFUL));
    given
        .when(complete("lines[0]", 1, "x"))
        .then(new Event.TaskCompleted("lines[0]", 1, "x"), new Event.ExecutionPaused());
    given.when(resume("r")).thenAmongOthers(readied("lines[1]", "b"));
    given.and(start("lines[1]", 1), pause("q", PauseMode.IMMEDIATE));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(given.task("lines[1]").status()).isEqualTo(TaskStatus.READY);
    assertThat(given.task("lines").status()).isEqualTo(TaskStatus.RUNNING);
  }

  @Test
  void retryRunsOnlyTheItemsThatDidNotComplete() {
    Given given = given(three(t -> t));
    given.and(start("lines[0]", 1), complete("lines[0]", 1, "x"));
    given.and(start("lines[1]", 1), fail("lines[1]", 1, "oops"));
    given
        .when(retry("t", null))
        .thenAmongOthers(readied("lines[1]", "b"), readied("lines[2]", "c"));
    assertThat(given.task("lines[0]").status()).isEqualTo(TaskStatus.COMPLETED);
    given.and(start("lines[1]", 2), complete("lines[1]", 2, "y"));
    given.and(start("lines[2]", 1), complete("lines[2]", 1, "z"));
    assertThat(given.task("lines").output()).isEqualTo(List.of("x", "y", "z"));
  }

  @Test
  void retryOfOneItemIsARetryOfItsList() {
    Given given = given(three(t -> t));
    given.and(start("lines[1]", 1), fail("lines[1]", 1, "oops"));
    given.when(retry("t", "lines[1]")).thenAmongOthers(readied("lines[1]", "b"));
    assertThat(given.task("lines").status()).isEqualTo(TaskStatus.RUNNING);
  }

  @Test
  void retryGoesOnWithAListThatAnotherTasksFailureStopped() {
    Given given = given(three(t -> t).task("other"));
    given.and(start("lines[0]", 1), complete("lines[0]", 1, "x"));
    given.and(start("other", 1), fail("other", 1, "oops"));
    assertThat(given.task("lines").status()).isEqualTo(TaskStatus.CANCELLED);
    given.when(retry("t", null)).thenAmongOthers(readied("lines[1]", "b"));
    assertThat(given.task("lines[0]").output()).isEqualTo("x");
  }

  @Test
  void retryOfWhatTheListComesFromMakesTheListAnew() {
    Given given =
        given(
            PlanBuilder.of()
                .task("source", t -> t.onFailure(OnFailure.CONTINUE))
                .task(
                    "lines",
                    t ->
                        t.needs("source")
                            .join(Join.ALWAYS)
                            .forEach(s ->
                                s.state().task("source").output() == null ? THREE : List.of("n"))));
    given.and(start("source", 1), fail("source", 1, "oops"));
    given.and(start("lines[0]", 1), complete("lines[0]", 1, "x"));
    given.and(start("lines[1]", 1), fail("lines[1]", 1, "oops"));
    given.and(retry("t", null));
    assertThat(given.state().plan().tasks()).hasSize(2);
    given.when(start("lines[0]", 2)).rejects(Code.TASK_NOT_FOUND);
    given.and(start("source", 2), complete("source", 2, "now"));
    given.and(start("lines[0]", 1), complete("lines[0]", 1, "new"));
    assertThat(given.state().output()).isEqualTo(Map.of("lines", List.of("new")));
  }

  @Test
  void failedItemOfAListThatCompletedIsNotRetried() {
    Given given = given(three(t -> t.onFailure(OnFailure.CONTINUE)));
    given.and(start("lines[0]", 1), fail("lines[0]", 1, "oops"));
    given.and(start("lines[1]", 1), complete("lines[1]", 1, "y"));
    given.and(start("lines[2]", 1), complete("lines[2]", 1, "z"));
    given.and(start("sum", 1), fail("sum", 1, "oops"));
    given.when(retry("t", "lines[0]")).rejects(Code.WRONG_STATE, "completed without it");
    given.and(retry("u", null));
    assertThat(given.task("lines[0]").status()).isEqualTo(TaskStatus.FAILED);
    assertThat(given.task("sum").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void setSeesTheWholeListAndItsFailureFailsTheTask() {
    Given given = given(three(t -> t.set("all", Scope::output)));
    for (int i = 0; i < 3; i++) {
      given.and(start("lines[" + i + "]", 1), complete("lines[" + i + "]", 1, (long) i));
    }
    assertThat(given.state().variables()).containsEntry("all", List.of(0L, 1L, 2L));
    Given broken =
        given(
            PlanBuilder.of()
                .task(
                    "lines",
                    t ->
                        t.forEach(s -> List.of())
                            .set(
                                "v",
                                s -> {
                                  throw new ExpressionException("no");
                                })));
    assertThat(broken.state().status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void theListIsCountedOnceAndItsOutputsOnlyAsTheItems() {
    Given given = given(PlanBuilder.of("rest").task("lines", t -> t.forEach(s -> THREE)));
    long before = given.state().payloadBytes();
    for (int i = 0; i < 3; i++) {
      given.and(start("lines[" + i + "]", 1), complete("lines[" + i + "]", 1, "done"));
    }
    long list = Sizes.of(THREE);
    long inputs = 3 * Sizes.of("a");
    assertThat(given.state().payloadBytes())
        .isEqualTo(before - list - inputs + 3 * Sizes.of("done"));
  }
}
