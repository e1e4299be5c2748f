package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.ConflictException;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.StartOptions;
import dev.holdfast.api.TaskFailedException;
import dev.holdfast.api.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Executions, time and control. */
class TestKitTest {
  private static final String TWO_TASKS =
      """
      name: two
      tasks:
        first: { agent: worker, input: { say: "${input.word}" }, timeout: 10m, retry: { maxAttempts: 3, initial: 1s, factor: 2, jitter: 0.5 } }
        second: { agent: worker, needs: [first], input: "${tasks.first.output}" }
      output: "${tasks.second.output}"
      """;

  private final TestKit kit = TestKit.create();

  @Test
  void nothingHappensUntilTimeRuns() {
    kit.register(TWO_TASKS);
    MockAgent worker = kit.agent("worker");
    KitExecution execution = kit.start("two", Map.of("word", "hi"));
    assertThat(execution).isRunning().hasTask("first", TaskStatus.READY).hasAttempts("first", 0);
    assertThat(worker.calls()).isZero();

    kit.runUntilIdle();

    assertThat(execution).isCompleted().hasOutput(Map.of("say", "hi"));
    assertThat(worker.inputs()).containsExactly(Map.of("say", "hi"), Map.of("say", "hi"));
    assertThat(kit.now()).isEqualTo(execution.startedAt());
  }

  @Test
  void anAgentsTimeIsVirtual() {
    kit.register(TWO_TASKS);
    kit.agent("worker").taking(Duration.ofMinutes(4));
    KitExecution execution = kit.start("two", Map.of("word", "hi"));
    kit.advance(Duration.ofMinutes(4).minusMillis(1));
    assertThat(execution).hasTask("first", TaskStatus.RUNNING).waitsFor("the result comes at");
    kit.advance(Duration.ofMillis(1));
    assertThat(execution).hasCompleted("first").hasTask("second", TaskStatus.RUNNING);
    kit.runUntilIdle();
    assertThat(execution).isCompleted();
    assertThat(kit.now()).isEqualTo(execution.startedAt().plus(Duration.ofMinutes(8)));
  }

  @Test
  void failuresAreRetriedWithBackOffOfTheSeed() {
    Instant one = retriedAt(1);
    assertThat(retriedAt(1)).isEqualTo(one);
    assertThat(retriedAt(2)).isNotEqualTo(one);
  }

  private static Instant retriedAt(long seed) {
    TestKit kit = TestKit.builder().seed(seed).build();
    kit.register(TWO_TASKS);
    kit.agent("worker").failing(2, "busy");
    KitExecution execution = kit.run("two", Map.of("word", "hi"));
    assertThat(execution)
        .isCompleted()
        .hasAttempts("first", 3)
        .history()
        .containsInOrder(
            "AttemptFailed first",
            "TaskRetryScheduled first",
            "TaskRequeued first",
            "TaskRetryScheduled",
            "TaskCompleted first",
            "ExecutionCompleted")
        .containsTimes(4, "TaskRetryScheduled")
        .doesNotContain("TaskFailed");
    return kit.now();
  }

  @Test
  void anAttemptThatIsNeverAnsweredTimesOut() {
    kit.register(TWO_TASKS);
    kit.agent("worker").silent(1);
    KitExecution execution = kit.start("two", Map.of("word", "hi"));
    kit.advance(Duration.ofMinutes(1));
    assertThat(execution).waitsFor("no result ever comes");
    kit.runUntilIdle();
    assertThat(execution).isCompleted().hasAttempts("first", 2).hasAttempts("second", 2);
    assertThat(execution.history().toString()).contains("TIMED_OUT");
  }

  @Test
  void whatAlwaysFailsFailsTheExecutionWhichCanBeRetried() {
    kit.register(TWO_TASKS);
    MockAgent worker = kit.agent("worker").alwaysFailing("broken");
    KitExecution execution = kit.run("two", Map.of("word", "hi"));
    assertThat(execution)
        .isFailed()
        .hasError("broken")
        .hasFailed("first")
        .hasTaskError("first", "broken")
        .hasAttempts("first", 3);
    worker.answering();
    execution.as("ann").retry();
    kit.runUntilIdle();
    assertThat(execution).isCompleted().history().contains("ExecutionRetried");
  }

  @Test
  void exceptionsOfAgentsAreFailuresButAssertionsFailTheTest() {
    kit.register(TWO_TASKS);
    kit.agent(
        "worker",
        task -> {
          throw TaskFailedException.permanent("bad-input", "no");
        });
    assertThat(kit.run("two", Map.of("word", "hi"))).isFailed().hasError("bad-input");
    kit.agent(
        "worker",
        task -> {
          throw new java.io.IOException("gone");
        });
    assertThat(kit.run("two", Map.of("word", "hi")))
        .isFailed()
        .hasError("IOException")
        .hasAttempts("first", 3);
    kit.agent(
        "worker",
        task -> {
          assertThat(task.inputObject()).containsEntry("say", "bye");
          return null;
        });
    kit.start("two", Map.of("word", "hi"));
    assertThatThrownBy(kit::runUntilIdle).isInstanceOf(AssertionError.class);
  }

  @Test
  void aMissingAgentIsNamed() {
    kit.register(TWO_TASKS);
    kit.agent("other");
    KitExecution execution = kit.start("two", Map.of("word", "hi"));
    assertThat(execution).waitsFor("an agent 'worker', and there is no such mock agent");
    assertThatThrownBy(kit::runUntilIdle)
        .isInstanceOf(MissingAgentException.class)
        .hasMessage(
            "task 'first' of execution 'two-1' wants an agent 'worker', and no mock agent has this"
                + " capability. Add one: kit.agent(\"worker\", task -> …). There are: [other]");
    kit.agent("worker");
    kit.runUntilIdle();
    assertThat(execution).isCompleted();
  }

  @Test
  void labelsDecideWhichAgentTakesATask() {
    kit.register("name: eu\ntasks: { a: { agent: worker, requires: { region: eu } } }");
    kit.agent("worker");
    kit.start("eu");
    assertThatThrownBy(kit::runUntilIdle)
        .isInstanceOf(MissingAgentException.class)
        .hasMessageContaining("with {region=eu}, and no mock agent has these labels");
    MockAgent european = kit.agent("worker", Map.of("region", "eu"), task -> "done");
    kit.runUntilIdle();
    assertThat(kit.executions()).singleElement().satisfies(e -> assertThat(e).isCompleted());
    assertThat(european.calls()).isEqualTo(1);
  }

  @Test
  void aFailedAssertionSaysWhatTheExecutionWaitsFor() {
    kit.register("name: ask\ntasks: { ok: { pauseBefore: { approvers: [boss], expires: 2d } } }");
    KitExecution execution = kit.run("ask", null);
    assertThatThrownBy(() -> assertThat(execution).isCompleted())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("execution 'ask-1'")
        .hasMessageContaining(
            "waits for task 'ok': approval by one of the roles [boss], until 2026-01-03T00:00:00Z")
        .hasMessageContaining("#2 +0s ApprovalRequested ok");
    assertThatThrownBy(() -> assertThat(execution).history().containsInOrder("TaskReadied ok"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("there is no 'TaskReadied ok'");
  }

  @Test
  void runningUntilIdleDoesNotPassTheDeadlineOfSomebodysDecision() {
    kit.register("name: ask\ntasks: { ok: { pauseBefore: { expires: 2d } } }\ntimeout: 7d");
    KitExecution execution = kit.run("ask", null);
    assertThat(execution).isRunning();
    assertThat(kit.now()).isEqualTo(execution.startedAt());
    kit.advance(Duration.ofDays(2));
    assertThat(execution).isFailed().hasTaskError("ok", "approval-expired");
  }

  @Test
  void anExecutionTimesOutWhenTimeComesToIt() {
    kit.register("name: ask\ntasks: { ok: { pauseBefore: true } }\ntimeout: 7d");
    KitExecution execution = kit.run("ask", null);
    kit.advance(Duration.ofDays(7));
    assertThat(execution).isTimedOut().history().contains("ExecutionTimedOut");
    assertThat(execution.waitingFor()).isEmpty();
  }

  @Test
  void aPausedExecutionWaitsAndResumesByItselfAfterADay() {
    kit.register(TWO_TASKS);
    MockAgent worker = kit.agent("worker").taking(Duration.ofMinutes(1));
    KitExecution execution = kit.start("two", Map.of("word", "hi"));
    kit.advance(Duration.ofSeconds(1));
    execution.as("ann").pause();
    kit.runUntilIdle();
    assertThat(execution).isPaused().hasCompleted("first").waitsFor("a resume: ann paused it");
    assertThat(worker.calls()).isEqualTo(1);
    kit.advance(Duration.ofHours(24));
    kit.runUntilIdle();
    assertThat(execution)
        .isCompleted()
        .history()
        .containsInOrder("ExecutionPaused", "ExecutionResumed");
  }

  @Test
  void anImmediatePauseTakesTheAttemptBack() {
    kit.register(TWO_TASKS);
    MockAgent worker = kit.agent("worker").taking(Duration.ofMinutes(1));
    KitExecution execution = kit.start("two", Map.of("word", "hi"));
    kit.advance(Duration.ofSeconds(1));
    execution.pause(PauseMode.IMMEDIATE, "maintenance");
    assertThat(execution).isPaused();
    assertThat(worker.tasks().getFirst().isCancelled()).isTrue();
    execution.resume();
    kit.runUntilIdle();
    assertThat(execution).isCompleted().hasAttempts("first", 2);
  }

  @Test
  void commandsThatTheStateForbidsAreRefusedAsByTheClient() {
    kit.register(TWO_TASKS);
    kit.agent("worker");
    KitExecution execution = kit.run("two", Map.of("word", "hi"));
    assertThatThrownBy(execution::cancel).isInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> execution.approve("nope")).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> kit.start("nope"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("there is: [two]");
    assertThatThrownBy(() -> kit.execution("nope")).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> execution.task("third"))
        .hasMessage("execution 'two-1' has no task 'third', it has: [first, second]");
  }

  @Test
  void aRunningExecutionCanBeCancelled() {
    kit.register(TWO_TASKS);
    kit.agent("worker").taking(Duration.ofMinutes(1));
    KitExecution execution = kit.start("two", Map.of("word", "hi"));
    kit.advance(Duration.ofSeconds(1));
    execution.cancel("enough");
    kit.runUntilIdle();
    assertThat(execution).isCancelled();
  }

  @Test
  void anInputThatTheSchemaRefusesStartsNothing() {
    kit.register(
        "name: strict\ninput: { type: object, required: [a] }\ntasks: { x: { agent: w } }");
    assertThatThrownBy(() -> kit.start("strict", Map.of()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("required property 'a'");
    assertThat(kit.executions()).isEmpty();
  }

  @Test
  void aDefinitionsErrorsAreAllTold() {
    assertThatThrownBy(
            () -> kit.register("name: bad\ntasks:\n  a: { agent: x, needs: [b] }\n  c: { }"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("3:26 tasks.a.needs[0] no task 'b'")
        .hasMessageContaining("4:");
  }

  @Test
  void theSameIdIsTheSameExecutionAndVersionsArePinned() {
    kit.register(TWO_TASKS);
    StartOptions one = StartOptions.DEFAULTS.id("one");
    KitExecution execution = kit.start("two", Map.of("word", "hi"), one);
    assertThat(kit.start("two", Map.of("word", "hi"), one)).isEqualTo(execution);
    assertThatThrownBy(() -> kit.start("two", Map.of("word", "ho"), one))
        .isInstanceOf(ConflictException.class);

    kit.register("name: two\ntasks: { only: { agent: worker } }");
    kit.agent("worker");
    kit.runUntilIdle();
    assertThat(execution).hasCompleted("second");
    assertThat(kit.run("two", 1).tasks()).extracting(KitTask::id).isEqualTo(List.of("only"));
    KitExecution old = kit.start("two", Map.of("word", "hi"), StartOptions.DEFAULTS.version(1));
    assertThat(old.tasks()).hasSize(2);
  }
}
