package dev.holdfast.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.TaskFailedException;
import dev.holdfast.testkit.KitExecution;
import dev.holdfast.testkit.MockAgent;
import dev.holdfast.testkit.TestKit;
import java.time.Duration;
import java.util.Map;

/** What comes before and after the tasks. */
class HookExamplesTest {
  private static final Map<String, String> SMALL = Map.of("size", "small");

  @Works("sandbox.yaml")
  void theSandboxIsOpenedFirstAndClosedLast() {
    TestKit kit = ExampleFiles.kit("sandbox.yaml");
    MockAgent sandbox = kit.agent("sandbox");
    KitExecution run = kit.run("sandbox", SMALL);
    assertThat(run)
        .isCompleted()
        .history()
        .containsInOrder(
            "TaskCompleted setup",
            "TaskStarted build",
            "TaskStarted check",
            "TaskStarted teardown",
            "ExecutionCompleted");
    assertThat(sandbox.inputs())
        .last()
        .isEqualTo(Map.of("close", "box of sandbox-1", "checked", "COMPLETED"));
  }

  @Breaks("sandbox.yaml")
  void theSandboxIsClosedAfterAFailure() {
    TestKit kit = ExampleFiles.kit("sandbox.yaml");
    MockAgent sandbox =
        kit.agent(
            "sandbox",
            task -> {
              if (task.id().equals("build")) {
                throw TaskFailedException.permanent("no-compiler", "none in the box");
              }
              return task.input();
            });
    assertThat(kit.run("sandbox", SMALL)).isFailed().hasError("no-compiler");
    assertThat(sandbox.inputs()).last().asString().contains("box of sandbox-1");
  }

  @Breaks("sandbox.yaml")
  void theSandboxIsClosedAfterACancellation() {
    TestKit kit = ExampleFiles.kit("sandbox.yaml");
    kit.agent("sandbox").taking(Duration.ofMinutes(1));
    KitExecution run = kit.start("sandbox", SMALL);
    kit.advance(Duration.ofSeconds(90));
    run.cancel("not needed any more");
    kit.runUntilIdle();
    assertThat(run).isCancelled().hasCompleted("teardown");
  }

  @Breaks("sandbox.yaml")
  void aTeardownThatNobodyCarriesOutIsGivenUp() {
    TestKit kit = ExampleFiles.kit("sandbox.yaml");
    MockAgent sandbox = kit.agent("sandbox").taking(Duration.ofMinutes(1));
    KitExecution run = kit.start("sandbox", SMALL);
    kit.advance(Duration.ofMinutes(2));
    sandbox.neverAnswering();
    kit.runUntilIdle();
    assertThat(run).isCompleted().hasTaskError("teardown", "timeout");
  }

  @Works("trip.yaml")
  void aTripThatIsPaidIsNotUndone() {
    TestKit kit = ExampleFiles.kit("trip.yaml");
    kit.agent("booking");
    kit.agent("payments");
    KitExecution run = kit.run("trip", Map.of("to", "Rome"));
    assertThat(run).isCompleted().hasCompleted("pay");
  }

  @Breaks("trip.yaml")
  void whatWasBookedIsUndoneWhenThePaymentFails() {
    TestKit kit = ExampleFiles.kit("trip.yaml");
    MockAgent booking = kit.agent("booking");
    kit.agent("payments").alwaysFailing("refused");
    KitExecution run = kit.run("trip", Map.of("to", "Rome"));
    assertThat(run)
        .isFailed()
        .hasError("refused")
        .history()
        .containsInOrder(
            "TaskFailed pay",
            "CompensationBegan",
            "TaskCompleted hotel.compensate",
            "TaskCompleted flight.compensate",
            "ExecutionFailed");
    assertThat(booking.inputs()).last().isEqualTo(Map.of("cancel", "flight to Rome"));
  }

  @Works("parking.yaml")
  void theRigIsReleasedAtAPauseAndAcquiredAfterIt() {
    TestKit kit = ExampleFiles.kit("parking.yaml");
    MockAgent rig =
        kit.agent(
            "rig",
            task -> {
              if (task.id().equals("drill")) {
                task.pauseWorkflow("the shift is over");
              }
              return task.input();
            });
    KitExecution run = kit.start("parking", null);
    kit.advance(Duration.ofMinutes(1));
    assertThat(run).isPaused().hasCompleted("onPause");
    run.resume();
    kit.runUntilIdle();
    assertThat(run)
        .isCompleted()
        .history()
        .containsInOrder(
            "PauseRequested",
            "TaskCompleted drill",
            "TaskCompleted onPause",
            "ExecutionPaused",
            "ExecutionResumed",
            "TaskCompleted onResume",
            "TaskStarted again",
            "TaskCompleted teardown");
    assertThat(rig.inputs()).hasSize(6);
  }

  @Breaks("parking.yaml")
  void whatCannotBeAcquiredAgainFailsTheExecution() {
    TestKit kit = ExampleFiles.kit("parking.yaml");
    kit.agent(
        "rig",
        task -> {
          if (task.id().equals("drill")) {
            task.pauseWorkflow(null);
          }
          if (task.id().equals("onResume")) {
            throw TaskFailedException.permanent("gone", "somebody else has it");
          }
          return task.input();
        });
    KitExecution run = kit.start("parking", null);
    kit.advance(Duration.ofMinutes(1));
    run.resume();
    kit.runUntilIdle();
    assertThat(run).isFailed().hasError("gone").hasCompleted("teardown");
  }
}
