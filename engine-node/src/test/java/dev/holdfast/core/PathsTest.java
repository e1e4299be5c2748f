package dev.holdfast.core;

import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Join;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which way an execution takes: decisions, conditions, joins, and expressions that fail. */
class PathsTest {
  private static final PlanBuilder DECISION =
      PlanBuilder.of("a", "x")
          .task(
              "route",
              t ->
                  t.needs("a")
                      .choice("big", s -> false, "bulk", "both")
                      .choice("small", s -> true, "lines", "both")
                      .otherwise("rest"))
          .task("bulk", t -> t.needs("x"))
          .task("lines")
          .task("both")
          .task("rest", t -> t.join(Join.ALWAYS))
          .task("afterBulk", t -> t.needs("bulk"))
          .task("end", t -> t.needs("bulk", "lines", "rest"));

  private static Object broken() {
    throw new ExpressionException("no such key: pages");
  }

  private static Event skippedBy(String task) {
    return new Event.TaskSkipped(task, "'route' took another path");
  }

  @Test
  void firstCaseThatHoldsIsTaken() {
    given(DECISION)
        .and(start("a", 1))
        .when(complete("a", 1, null))
        .then(
            new Event.TaskCompleted("a", 1, null),
            new Event.DecisionTaken(
                "route",
                1,
                "small",
                List.of("lines", "both"),
                Map.of("read.big", 3L, "read.small", 5L)),
            skippedBy("bulk"),
            new Event.TaskReadied("lines", null),
            new Event.TaskReadied("both", null),
            skippedBy("rest"),
            new Event.TaskSkipped("afterBulk", "every task that it needs was skipped"));
  }

  @Test
  void decisionIsTheOutputOfItsTask() {
    Given given = given(DECISION).and(start("a", 1), complete("a", 1, null));
    assertThat(given.task("route").status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(given.task("route").output())
        .isEqualTo(Map.of("case", 1L, "then", List.of("lines", "both")));
  }

  @Test
  void otherwiseHoldsWhenNothingElseDoes() {
    Given given =
        given(
            PlanBuilder.of("a", "b")
                .task("route", t -> t.choice("no", s -> false, "a").otherwise("b")));
    assertThat(given.events())
        .contains(
            new Event.DecisionTaken("route", 1, null, List.of("b"), Map.of("read.no", 2L)),
            skippedBy("a"),
            new Event.TaskReadied("b", null));
  }

  @Test
  void whereNoCaseHoldsAllThatAreNamedAreSkipped() {
    Given given =
        given(PlanBuilder.of("a", "b").task("route", t -> t.choice("no", s -> false, "a")));
    assertThat(given.events())
        .contains(
            new Event.DecisionTaken("route", -1, null, List.of(), Map.of("read.no", 2L)),
            skippedBy("a"));
  }

  @Test
  void largeValuesOfADecisionAreLeftOut() {
    var big = "x".repeat(2000);
    Expression looksAtMuch =
        new Expression() {
          @Override
          public String source() {
            return "vars.big != ''";
          }

          @Override
          public Object evaluate(Scope scope) {
            return true;
          }

          @Override
          public Map<String, Object> reads(Scope scope) {
            return Map.of("vars.big", big);
          }
        };
    Given given = given(PlanBuilder.of("a").task("route", t -> t.choice(looksAtMuch, "a")));
    assertThat(given.events())
        .contains(
            new Event.DecisionTaken(
                "route", 0, "vars.big != ''", List.of("a"), Map.of("vars.big", "(2002 bytes)")));
  }

  @Test
  void retryRemembersTheDecision() {
    Given given =
        given(
                PlanBuilder.of("a")
                    .task("route", t -> t.choice("yes", s -> true, "yes").otherwise("no"))
                    .task("yes", t -> t.needs("a"))
                    .task("no", t -> t.needs("a")))
            .and(start("a", 1), fail("a", 1, "oops"));
    assertThat(given.task("no").status()).isEqualTo(TaskStatus.SKIPPED);
    given
        .and(retry("t1", null))
        .and(new Command.StartTask("a", 9, "worker"))
        .when(new Command.CompleteTask("a", 2, 9, null))
        .thenAmongOthers(new Event.TaskReadied("yes", null));
    assertThat(given.task("no").status()).isEqualTo(TaskStatus.SKIPPED);
  }

  @Test
  void conditionThatDoesNotHoldSkipsWhatFollows() {
    given(
            PlanBuilder.of("a")
                .task("b", t -> t.needs("a").when("vars.n > 1", s -> false))
                .task("c", t -> t.needs("b"))
                .task("d", t -> t.needs("b").join(Join.ALWAYS)))
        .and(start("a", 1))
        .when(complete("a", 1, null))
        .then(
            new Event.TaskCompleted("a", 1, null),
            new Event.TaskSkipped("b", "when ${vars.n > 1} is false"),
            new Event.TaskSkipped("c", "every task that it needs was skipped"),
            new Event.TaskReadied("d", null));
  }

  @Test
  void joinWaitsForAllItsNeeds() {
    given(PlanBuilder.of("a", "b").task("c", t -> t.needs("a", "b")))
        .and(start("a", 1), start("b", 1))
        .when(complete("b", 1, null))
        .then(new Event.TaskCompleted("b", 1, null))
        .when(complete("a", 1, null))
        .then(new Event.TaskCompleted("a", 1, null), new Event.TaskReadied("c", null));
  }

  @Test
  void executionOfSkippedTasksCompletesAtTheStart() {
    Given given = given(PlanBuilder.of().task("a", t -> t.when("no", s -> false)));
    assertThat(given.events()).contains(new Event.ExecutionCompleted(Map.of()));
  }

  @Test
  void inputThatFailsFailsTheTask() {
    var error = new TaskError("expression-error", "input: no such key: pages");
    given(PlanBuilder.of("a").task("b", t -> t.needs("a").input(s -> broken())))
        .and(start("a", 1))
        .when(complete("a", 1, null))
        .then(
            new Event.TaskCompleted("a", 1, null),
            new Event.TaskFailed("b", error),
            new Event.ExecutionFailed(error));
  }

  @Test
  void conditionsThatFailFailTheTask() {
    Given given = given(PlanBuilder.of().task("a", t -> t.when("vars.pages > 1", s -> broken())));
    assertThat(given.state().error())
        .isEqualTo(new TaskError("expression-error", "when ${vars.pages > 1}: no such key: pages"));
    given = given(PlanBuilder.of().task("a", t -> t.when("vars.pages", s -> 3L)));
    assertThat(given.state().error())
        .isEqualTo(
            new TaskError(
                "expression-error",
                "when ${vars.pages} must be true or false, but is the number 3"));
    given = given(PlanBuilder.of("b").task("a", t -> t.choice("vars.pages", s -> broken(), "b")));
    assertThat(given.state().error())
        .isEqualTo(new TaskError("expression-error", "case 0 ${vars.pages}: no such key: pages"));
    assertThat(given.task("b").status()).isEqualTo(TaskStatus.CANCELLED);
  }

  @Test
  void setThatFailsFailsTheTaskWhoseResultIsStillTaken() {
    var error = new TaskError("expression-error", "set.pages: no such key: pages");
    given(PlanBuilder.of().task("a", t -> t.retry(PlanBuilder.THRICE).set("pages", s -> broken())))
        .and(start("a", 1))
        .when(complete("a", 1, null))
        .then(
            new Event.AttemptFailed("a", 1, AttemptOutcome.COMPLETED, error),
            new Event.TaskFailed("a", error),
            new Event.ExecutionFailed(error))
        .when(complete("a", 1, null))
        .changesNothing();
  }

  @Test
  void outputThatFailsFailsTheExecution() {
    given(PlanBuilder.of("a").output(s -> broken()))
        .and(start("a", 1))
        .when(complete("a", 1, null))
        .thenAmongOthers(
            new Event.ExecutionFailed(
                new TaskError("expression-error", "output: no such key: pages")));
  }

  @Test
  void expressionsSeeWhatHappenedBeforeThem() {
    given(
            PlanBuilder.of()
                .variables(Map.of("n", 1L, "kept", true))
                .task("a", t -> t.set("n", Scope::output))
                .task("b", t -> t.needs("a").input(s -> s.state().variables()))
                .task("c", t -> t.needs("a").input(s -> s.state().task("b").status().name())))
        .and(start("a", 1))
        .when(complete("a", 1, 2L))
        .then(
            new Event.TaskCompleted("a", 1, 2L),
            new Event.VariablesSet("a", Map.of("n", 2L)),
            new Event.TaskReadied("b", Map.of("n", 2L, "kept", true)),
            new Event.TaskReadied("c", "READY"));
  }
}
