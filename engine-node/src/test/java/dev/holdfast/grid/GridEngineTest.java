package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.api.TaskToken;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Rejection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One member with a memory store, as the gateway and the client's gate see it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GridEngineTest {
  private TestMember member;

  @BeforeAll
  void start() {
    member = new TestMember();
    member.register(
        "chain",
        """
        name: chain
        tasks:
          a: { agent: chain-agent, input: { n: "${input.n}" } }
          b: { agent: chain-agent, needs: [a], input: { from: "${tasks.a.output.v}" } }
        output: "${tasks.b.output}"
        """);
  }

  @AfterAll
  void stop() {
    member.close();
  }

  @Test
  void anExecutionRunsThroughPollsToItsEnd() {
    assertThat(member.start("chain", "polls", Map.of("n", 7L))).isInstanceOf(Outcome.Done.class);
    Assignment a = member.pollOne("chain-agent");
    assertThat(a.task()).isEqualTo("a");
    assertThat(a.input()).isEqualTo(Map.of("n", 7L));
    member.complete(a, Map.of("v", "x"));
    Assignment b = member.pollOne("chain-agent");
    assertThat(b.input()).isEqualTo(Map.of("from", "x"));
    member.complete(b, "done");

    ExecutionState end = member.awaitEnd("polls");
    assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(end.output()).isEqualTo("done");
  }

  @Test
  void aWaitingPollIsAnsweredWhenWorkComes() {
    single("waited-for");
    var answer = member.engine.dispatcher().poll(profile("waited-for"), 5, Duration.ofSeconds(20));
    assertThat(answer).isNotDone();
    member.start("waited-for", "wait-1", null);
    assertThat(answer.orTimeout(10, TimeUnit.SECONDS).join()).hasSize(1);
  }

  @Test
  void aPollWithoutWorkEndsEmptyAfterItsWait() {
    assertThat(member.poll("nobody-asks", 1, Duration.ofMillis(50))).isEmpty();
    assertThat(member.poll("nobody-asks", 1, Duration.ZERO)).isEmpty();
  }

  @Test
  void aPollTakesAsMuchAsIsThere() {
    single("many");
    for (int i = 0; i < 5; i++) {
      member.start("many", "many-" + i, null);
    }
    await().until(() -> member.engine.agents().waitingTasks().count() >= 5);
    assertThat(member.poll("many", 10, Duration.ofSeconds(5))).hasSize(5);
  }

  @Test
  void aConnectedAgentWithCreditGetsTheTaskInTheTransitionThatMakesItReady() throws Exception {
    single("direct");
    var agent = new Agent("direct");
    agent.session.grant(1);
    long before = member.engine.stats().transitions();
    member.start("direct", "direct-1", null);
    assertThat(agent.next().execution()).isEqualTo("direct-1");
    assertThat(member.engine.stats().transitions() - before).isEqualTo(1);
    agent.session.close();
  }

  @Test
  void anAgentGetsNoMoreThanItsCreditAndTheRestWithTheNextGrant() throws Exception {
    single("credit");
    var agent = new Agent("credit");
    agent.session.grant(2);
    for (int i = 0; i < 3; i++) {
      member.start("credit", "credit-" + i, null);
    }
    agent.next();
    agent.next();
    await().until(() -> member.state("credit-2").task("only").status() == TaskStatus.READY);
    assertThat(agent.assigned).isEmpty();
    agent.session.grant(1);
    agent.next();
    agent.session.close();
  }

  @Test
  void aDisconnectedAgentsTasksGoToAnotherAtOnce() throws Exception {
    single("gone");
    var first = new Agent("gone");
    first.session.grant(1);
    member.start("gone", "gone-1", null);
    Assignment lost = first.next();
    var second = new Agent("gone");
    second.session.grant(1);
    first.session.close();

    Assignment again = second.next();
    assertThat(again.attempt()).isEqualTo(2);
    assertRefused(member.complete(lost, "late"), Rejection.Code.STALE_ATTEMPT);
    assertThat(member.complete(again, "good")).isInstanceOf(Outcome.Done.class);
    assertThat(member.awaitEnd("gone-1").task("only").failures()).isZero();
    second.session.close();
  }

  @Test
  void aTaskThatTheAgentDeniesInTwoBeatsIsHandedOutAnew() throws Exception {
    single("denied");
    var agent = new Agent("denied");
    agent.session.grant(1);
    member.start("denied", "denied-1", null);
    Assignment first = agent.next();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          agent.session.beat(Set.of());
          return agent.session.wanted() == 1;
        });
    // The agent knows that it has its place back, and says so.
    agent.session.grant(1);
    assertThat(agent.next().attempt()).isEqualTo(first.attempt() + 1);
    agent.session.close();
  }

  @Test
  void aMissedHeartbeatLosesTheLease() {
    member.register(
        "pulse",
        """
        name: pulse
        tasks:
          only: { agent: pulse, heartbeat: 300ms }
        """);
    member.start("pulse", "pulse-1", null);
    Assignment first = member.pollOne("pulse");
    Assignment second = member.pollOne("pulse");
    assertThat(second.attempt()).isEqualTo(2);
    var status = member.engine.dispatcher().heartbeat(TestMember.TENANT, first.token(), null, null);
    assertThat(status.join()).isEqualTo(Dispatcher.LeaseStatus.REVOKED);
    assertThat(member.engine.agents().leaseLossCount()).isPositive();
  }

  @Test
  void aPauseHoldsWorkBackAndAResumeHandsItOut() {
    single("paused");
    member.start("paused", "paused-1", null);
    member.submit(
        "paused-1", new Command.PauseExecution("c1", PauseMode.GRACEFUL, "op", "maintenance"));
    assertThat(member.state("paused-1").status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(member.poll("paused", 1, Duration.ofMillis(100))).isEmpty();
    member.submit("paused-1", new Command.ResumeExecution("c2", "op", null, true));
    assertThat(member.pollOne("paused").execution()).isEqualTo("paused-1");
  }

  @Test
  void anImmediatePauseTellsTheAgentToStop() throws Exception {
    single("revoked");
    var agent = new Agent("revoked");
    agent.session.grant(1);
    member.start("revoked", "revoked-1", null);
    Assignment task = agent.next();
    member.submit("revoked-1", new Command.PauseExecution("c1", PauseMode.IMMEDIATE, "op", null));
    await().until(() -> agent.revoked.contains(task.token()));
    assertThat(member.state("revoked-1").status()).isEqualTo(ExecutionStatus.PAUSED);
    agent.session.close();
  }

  @Test
  void aFailedAttemptIsRetriedAfterItsBackOff() {
    member.register(
        "flaky",
        """
        name: flaky
        tasks:
          only: { agent: flaky, retry: { maxAttempts: 2, initial: 50ms, jitter: 0 } }
        """);
    member.start("flaky", "flaky-1", null);
    for (int attempt = 1; attempt <= 2; attempt++) {
      Assignment task = member.pollOne("flaky");
      assertThat(task.attempt()).isEqualTo(attempt);
      var error = new TaskError("boom", "it broke");
      member.submit(
          "flaky-1",
          new Command.FailTask("only", attempt, task.token().nonce(), error, true, null));
    }
    ExecutionState end = member.awaitEnd("flaky-1");
    assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(end.error().type()).isEqualTo("boom");
  }

  @Test
  void anAttemptTimesOut() {
    member.register(
        "slow",
        """
        name: slow
        tasks:
          only: { agent: slow, timeout: 100ms, retry: { maxAttempts: 1 } }
        """);
    member.start("slow", "slow-1", null);
    member.pollOne("slow");
    assertThat(member.awaitEnd("slow-1").status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void anEndedExecutionLeavesMemoryAndStillAnswers() {
    single("ended");
    member.start("ended", "ended-1", 1L);
    Assignment task = member.pollOne("ended");
    member.complete(task, "out");
    await().until(() -> isGone("ended-1"));

    assertThat(member.state("ended-1").output()).isEqualTo(Map.of("only", "out"));
    assertThat(member.complete(task, "out"))
        .isInstanceOfSatisfying(Outcome.Done.class, done -> assertThat(done.changed()).isFalse());
    assertThat(member.start("ended", "ended-1", 1L))
        .isInstanceOfSatisfying(Outcome.Done.class, done -> assertThat(done.changed()).isFalse());
    assertRefused(member.start("ended", "ended-1", 2L), Rejection.Code.ID_CONFLICT);
    assertRefused(
        member.submit("ended-1", new Command.RetryExecution("r", "op", null)),
        Rejection.Code.WRONG_STATE);
  }

  @Test
  void aFailedExecutionIsRetriedAfterItHasLeftMemory() {
    member.register(
        "again",
        """
        name: again
        tasks:
          first: { agent: again }
          second: { agent: again, needs: [first], retry: { maxAttempts: 1 } }
        """);
    member.start("again", "again-1", null);
    member.complete(member.pollOne("again"), "kept");
    Assignment second = member.pollOne("again");
    var error = new TaskError("boom", "it broke");
    member.submit(
        "again-1", new Command.FailTask("second", 1, second.token().nonce(), error, true, null));
    await().until(() -> isGone("again-1"));

    assertThat(member.submit("again-1", new Command.RetryExecution("r1", "op", null)))
        .isInstanceOf(Outcome.Done.class);
    Assignment retried = member.pollOne("again");
    assertThat(retried.task()).isEqualTo("second");
    member.complete(retried, "good");
    ExecutionState end = member.awaitEnd("again-1");
    assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(end.task("first").output()).isEqualTo("kept");
    List<Long> seqs =
        member.engine.store().history(TestMember.key("again-1"), 0, 100).stream()
            .map(item -> item.seq())
            .toList();
    for (int i = 0; i < seqs.size(); i++) {
      assertThat(seqs.get(i)).isEqualTo(i + 1L);
    }
  }

  @Test
  void anUnknownExecutionIsRefused() {
    assertRefused(
        member.submit("never-was", new Command.CancelExecution("c", "op", null)),
        Rejection.Code.EXECUTION_NOT_FOUND);
    assertThat(member.engine.find(TestMember.key("never-was"))).isEmpty();
  }

  @Test
  void subscribersHearEveryEventOnceAndInOrder() {
    single("heard");
    var heard = new ArrayList<Long>();
    try (var _ =
        member
            .engine
            .events()
            .subscribe(
                TestMember.TENANT,
                TestMember.key("heard-1"),
                (key, item) -> heard.add(item.seq()))) {
      member.start("heard", "heard-1", null);
      member.complete(member.pollOne("heard"), null);
      ExecutionState end = member.awaitEnd("heard-1");
      await().until(() -> heard.size() == end.seq());
      assertThat(heard).isSorted().doesNotHaveDuplicates();
    }
  }

  private boolean isGone(String id) {
    return !member
        .engine
        .hazelcast()
        .getMap(MemberConfig.EXECUTIONS)
        .containsKey(TestMember.key(id).text());
  }

  private void single(String name) {
    member.register(name, "name: " + name + "\ntasks:\n  only: { agent: " + name + " }\n");
  }

  private static AgentProfile profile(String capability) {
    return new AgentProfile(TestMember.TENANT, "agent-1", List.of(capability), Map.of());
  }

  private static void assertRefused(Outcome outcome, Rejection.Code code) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.rejection().code()).isEqualTo(code));
  }

  /** A connected agent that does nothing by itself. */
  private final class Agent implements Dispatcher.AgentSink {
    final BlockingQueue<Assignment> assigned = new LinkedBlockingQueue<>();
    final BlockingQueue<TaskToken> revoked = new LinkedBlockingQueue<>();
    final Dispatcher.AgentSession session;

    Agent(String capability) {
      this.session = member.engine.dispatcher().open(profile(capability), this);
    }

    @Override
    public void assigned(List<Assignment> assignments) {
      assigned.addAll(assignments);
    }

    @Override
    public void revoked(List<TaskToken> tokens) {
      revoked.addAll(tokens);
    }

    @Override
    public void wanted(int tasks) {}

    @Override
    public void rollCall() {}

    Assignment next() throws InterruptedException {
      Assignment next = assigned.poll(10, TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      return next;
    }
  }
}
