package dev.holdfast.core;

import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.fail;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.nonce;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.retry;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.OnFailure;
import dev.holdfast.core.Rejection.Code;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Results that add tasks. */
class SpawningTest {
  private static SpawnedTask task(String id, @Nullable Object input, String... needs) {
    return new SpawnedTask(id, "searcher", input, List.of(needs));
  }

  private static Command spawn(SpawnedTask... tasks) {
    return new Command.CompleteTask("plan", 1, nonce("plan", 1), "planned", Arrays.asList(tasks));
  }

  /** plan runs, and may add five tasks; end needs it. */
  private static Given planning() {
    return given(
            PlanBuilder.of("first")
                .task("plan", t -> t.spawn(5))
                .task("end", t -> t.needs("plan"))
                .task("last", t -> t.needs("end")))
        .and(start("first", 1), complete("first", 1, 1L), start("plan", 1));
  }

  @Test
  void tasksOfAResultBegin() {
    planning()
        .when(spawn(task("a", "x"), task("b", null)))
        .then(
            new Event.TaskCompleted("plan", 1, "planned"),
            new Event.TasksSpawned("plan", List.of(task("a", "x"), task("b", null))),
            new Event.TaskReadied("a", "x"),
            new Event.TaskReadied("b", null));
  }

  @Test
  void whatFollowsFromTheTaskWaitsForWhatItAdded() {
    Given given = planning().and(spawn(task("a", "x"), task("b", "y", "a")));
    assertThat(given.task("plan").status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(given.task("b").status()).isEqualTo(TaskStatus.PENDING);
    given.and(start("a", 1), complete("a", 1, null));
    assertThat(given.task("b").status()).isEqualTo(TaskStatus.READY);
    assertThat(given.task("end").status()).isEqualTo(TaskStatus.PENDING);
    given
        .and(start("b", 1))
        .when(complete("b", 1, null))
        .then(new Event.TaskCompleted("b", 1, null), new Event.TaskReadied("end", null));
  }

  @Test
  void withoutFollowersTheyArePartOfTheOutput() {
    Given given = given(PlanBuilder.of().task("plan", t -> t.spawn(2))).and(start("plan", 1));
    given.and(spawn(task("a", "x")), start("a", 1), complete("a", 1, "found"));
    assertThat(given.state().output()).isEqualTo(Map.of("a", "found"));
  }

  @Test
  void needOfTheDefinitionThatHasEndedIsNoReasonToWait() {
    Given given = planning().and(spawn(task("a", "x", "first")));
    assertThat(given.task("a").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void resultThatAddsTasksCanBeRepeated() {
    planning().and(spawn(task("a", "x"))).when(spawn(task("a", "x"))).changesNothing();
  }

  @Test
  void mistakesAreNamedAndChangeNothing() {
    record Case(String says, SpawnedTask... tasks) {}
    for (Case c :
        List.of(
            new Case("the id 'a-b' must match", task("a-b", null)),
            new Case("the id 'x[1]' must match", task("x[1]", null)),
            new Case("there is a task 'end' already", task("end", null)),
            new Case("'a' is given twice", task("a", null), task("a", null)),
            new Case(
                "the agent 'two words' of 'a' must match",
                new SpawnedTask("a", "two words", null, List.of())),
            new Case("'a' can't need 'b': there is no such task", task("a", null, "b")),
            new Case("'a' can't need 'last': it follows 'plan' itself", task("a", null, "last")),
            new Case(
                "'a' can't need 'first': it is given twice", task("a", null, "first", "first")),
            new Case("the needs form a cycle: a", task("a", null, "a")),
            new Case("the needs form a cycle: a, b", task("a", null, "b"), task("b", null, "a")))) {
      planning().when(spawn(c.tasks())).rejects(Code.INVALID_SPAWN, c.says());
    }
    given(PlanBuilder.of("plan"))
        .and(start("plan", 1))
        .when(spawn(task("a", null)))
        .rejects(Code.INVALID_SPAWN, "its definition gives it no 'spawn'");
  }

  @Test
  void boundsAreNamed() {
    var six = new ArrayList<SpawnedTask>();
    for (int i = 0; i < 6; i++) {
      six.add(task("t" + i, null));
    }
    planning()
        .when(spawn(six.toArray(new SpawnedTask[0])))
        .rejects(Code.LIMIT_EXCEEDED, "spawn.max is 5");
    planning()
        .when(spawn(task("a", "x".repeat((int) Limits.PAYLOAD_BYTES_MAX))))
        .rejects(Code.LIMIT_EXCEEDED, "PAYLOAD_BYTES_MAX");
    var many = PlanBuilder.of().task("plan", t -> t.spawn(5));
    for (int i = 0; i < Limits.TASKS_MAX - 3; i++) {
      many.task("t" + i, t -> t.needs("plan"));
    }
    Given full = given(many).and(start("plan", 1));
    full.when(spawn(task("a", null), task("b", null), task("c", null)))
        .rejects(Code.LIMIT_EXCEEDED, "TASKS_MAX");
    full.and(spawn(task("a", null), task("b", null)));
    assertThat(full.state().tasks()).hasSize(Limits.TASKS_MAX);
  }

  @Test
  void whatWasAddedFailsTheExecutionAsItsTaskWould() {
    Given given = planning().and(spawn(task("a", "x"), task("b", "y")), start("a", 1));
    given.and(fail("a", 1, "oops"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(given.task("b").status()).isEqualTo(TaskStatus.CANCELLED);
    Given lenient =
        given(
                PlanBuilder.of()
                    .task("plan", t -> t.spawn(5).onFailure(OnFailure.CONTINUE))
                    .task("end", t -> t.needs("plan")))
            .and(start("plan", 1), spawn(task("a", "x")), start("a", 1), fail("a", 1, "oops"));
    assertThat(lenient.task("end").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void retryRunsWhatWasAddedAgainAndNotItsTask() {
    Given given = planning().and(spawn(task("a", "x"), task("b", "y")), start("a", 1));
    given.and(fail("a", 1, "oops"), retry("t", null));
    assertThat(given.task("plan").status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(given.task("a").status()).isEqualTo(TaskStatus.READY);
    assertThat(given.task("a").input()).isEqualTo("x");
    assertThat(given.task("b").status()).isEqualTo(TaskStatus.READY);
  }

  @Test
  void whatWasAddedIsGoneWhenItsTaskBeginsAnew() {
    Given given =
        given(
            PlanBuilder.of()
                .task("source", t -> t.onFailure(OnFailure.CONTINUE))
                .task("plan", t -> t.needs("source").join(Join.ALWAYS).spawn(3))
                .task("end", t -> t.needs("plan")));
    given.and(start("source", 1), fail("source", 1, "oops"), start("plan", 1));
    given.and(spawn(task("a", "x")), start("a", 1), fail("a", 1, "oops"));
    given.and(retry("t", null));
    assertThat(given.state().plan().tasks()).hasSize(3);
    assertThat(given.state().plan().task("end").needs()).hasSize(1);
    given.and(start("source", 2), complete("source", 2, null), start("plan", 2));
    given.and(
        new Command.CompleteTask("plan", 2, nonce("plan", 2), null, List.of(task("a", "new"))));
    assertThat(given.task("a").input()).isEqualTo("new");
  }

  @Test
  void pausedExecutionBeginsThemWhenItGoesOn() {
    Given given = planning().and(pause("p", PauseMode.GRACEFUL), spawn(task("a", "x")));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(given.task("a").status()).isEqualTo(TaskStatus.PENDING);
    given.when(resume("r")).thenAmongOthers(new Event.TaskReadied("a", "x"));
  }

  @Test
  void resultOfWhichNoUseCanBeMadeAddsNothing() {
    Given given =
        given(
                PlanBuilder.of()
                    .task(
                        "plan",
                        t ->
                            t.spawn(5)
                                .set(
                                    "v",
                                    s -> {
                                      throw new ExpressionException("no");
                                    })))
            .and(start("plan", 1), spawn(task("a", "x")));
    assertThat(given.state().tasks()).hasSize(1);
  }

  @Test
  void inputsAreCountedWithTheExecution() {
    Given given = planning();
    long before = given.state().payloadBytes();
    given.and(spawn(task("a", "x")));
    long input = Sizes.of("x");
    assertThat(given.state().payloadBytes()).isEqualTo(before + Sizes.of("planned") + 2 * input);
    given.and(start("a", 1), complete("a", 1, null));
    assertThat(given.state().payloadBytes()).isEqualTo(before + Sizes.of("planned") + input);
  }
}
