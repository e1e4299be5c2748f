package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What mock agents can be told to do. */
class MockAgentTest {
  private final TestKit kit = TestKit.create();

  @Test
  void whoBeatsTooSeldomLosesItsLease() {
    kit.register("name: beat\ntasks: { a: { agent: slow, heartbeat: 30s, timeout: 10m } }");
    MockAgent slow = kit.agent("slow").taking(Duration.ofMinutes(2));
    KitExecution execution = kit.start("beat");
    kit.advance(Duration.ofSeconds(31));
    assertThat(execution).hasAttempts("a", 2).history().containsTimes(1, "TaskRequeued a");
    slow.heartbeating(Duration.ofSeconds(30));
    kit.runUntilIdle();
    assertThat(execution).isCompleted().hasAttempts("a", 3);
  }

  @Test
  void whoNeverBeatsFailsTheTaskInTheEnd() {
    kit.register("name: beat\ntasks: { a: { agent: slow, heartbeat: 30s } }");
    kit.agent("slow").taking(Duration.ofMinutes(2));
    assertThat(kit.run("beat", null)).isFailed().hasError("lease-lost");
  }

  @Test
  void aDisconnectedAgentLosesWhatItHasAndTakesNothing() {
    kit.register("name: one\ntasks: { a: { agent: worker } }");
    MockAgent worker = kit.agent("worker").taking(Duration.ofMinutes(1));
    KitExecution execution = kit.start("one");
    kit.advance(Duration.ofSeconds(1));
    worker.disconnect();
    kit.runUntilIdle();
    assertThat(execution)
        .isRunning()
        .hasTask("a", TaskStatus.READY)
        .waitsFor("agent 'worker', which is disconnected");
    worker.connect();
    kit.runUntilIdle();
    assertThat(execution).isCompleted().hasAttempts("a", 2);
    assertThat(worker.calls()).isEqualTo(2);
  }

  @Test
  void anAgentTakesNoMoreThanItsConcurrencyHighPrioritiesFirst() {
    kit.register(
        """
        name: three
        tasks:
          low: { agent: worker, priority: 1 }
          high: { agent: worker, priority: 9 }
          middle: { agent: worker }
        """);
    MockAgent worker = kit.agent("worker").taking(Duration.ofMinutes(1)).concurrency(1);
    KitExecution execution = kit.start("three");
    kit.advance(Duration.ofSeconds(1));
    assertThat(execution).waitsFor("task 'low': agent 'worker', which has as many tasks");
    kit.runUntilIdle();
    assertThat(worker.tasks())
        .extracting(task -> task.id())
        .containsExactly("high", "middle", "low");
    assertThat(kit.now()).isEqualTo(execution.startedAt().plus(Duration.ofMinutes(3)));
  }

  @Test
  void whatItWasToldComesOneAfterTheOther() {
    kit.register(
        "name: one\n"
            + "tasks: { a: { agent: worker, timeout: 1m, retry: { initial: 1s, jitter: 0 } } }");
    kit.agent("worker").failing(1, "busy").silent(1).failing(1);
    KitExecution execution = kit.run("one", null);
    assertThat(execution)
        .isCompleted()
        .hasAttempts("a", 4)
        .history()
        .containsTimes(3, "AttemptFailed a")
        .execution()
        .hasCompleted("a");
    // One second, one minute and two seconds, four seconds.
    assertThat(kit.now()).isEqualTo(execution.startedAt().plus(Duration.ofSeconds(67)));
  }

  @Test
  void aResultAddsTasks() {
    kit.register(
        """
        name: plan
        tasks:
          plan: { agent: planner, spawn: { max: 2 } }
          last: { agent: worker, needs: [plan], input: { found: "${tasks.plan.spawned}" } }
        """);
    kit.agent(
        "planner",
        task -> {
          task.spawn("one", "worker", Map.of("n", 1));
          task.spawn("two", "worker", new Named("x"), "one");
          return null;
        });
    MockAgent worker = kit.agent("worker");
    KitExecution execution = kit.run("plan", null);
    assertThat(execution).isCompleted().hasTaskOutput("two", Map.of("name", "x"));
    assertThat(worker.tasks())
        .extracting(task -> task.id())
        .isEqualTo(List.of("one", "two", "last"));
  }

  private record Named(String name) {}

  @Test
  void aResultThatAddsTooMuchFailsTheAttempt() {
    kit.register(
        "name: plan\n"
            + "tasks: { plan: { agent: planner, spawn: { max: 1 }, retry: { maxAttempts: 1 } } }");
    kit.agent(
        "planner",
        task -> {
          task.spawn("one", "worker", null);
          task.spawn("two", "worker", null);
          return null;
        });
    assertThat(kit.run("plan", null)).isFailed().hasError("limit-exceeded");
  }

  @Test
  void aResultThatNobodyWantsAnyMoreIsDropped() {
    kit.register(
        "name: one\ntasks: { a: { agent: worker, timeout: 1m, retry: { maxAttempts: 1 } } }");
    kit.agent("worker").taking(Duration.ofMinutes(2));
    KitExecution execution = kit.run("one", null);
    assertThat(execution).isFailed().hasError("timeout").history().doesNotContain("TaskCompleted");
  }
}
