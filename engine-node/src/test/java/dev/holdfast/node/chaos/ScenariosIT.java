package dev.holdfast.node.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.chaos.cluster.LoopbackLinks;
import dev.holdfast.node.chaos.cluster.MemberProcess;
import dev.holdfast.node.chaos.history.Answer;
import dev.holdfast.node.chaos.history.Delays;
import dev.holdfast.node.chaos.history.Fact;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators do to a cluster, and what befalls it, one thing at a time. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@EnabledIfSystemProperty(named = "holdfast.chaos.all", matches = "true")
class ScenariosIT {
  private static final Logger LOG = LoggerFactory.getLogger(ScenariosIT.class);
  private static final Duration READY_WAIT_MAX = Duration.ofMinutes(3);
  private static final Duration CALL_WAIT_MAX = Duration.ofSeconds(40);

  /** Longer than the 5 s without heartbeats after which a member is taken for dead. */
  private static final Duration LONGER_THAN_DETECTION = Duration.ofSeconds(10);

  private static final int RUNNING = 30;

  @Test
  void membersComeAndGoWhileThousandsOfExecutionsRun() throws Exception {
    try (var run = new ChaosRun("come-and-go", 3, new LoopbackLinks(), new Storage.OwnDisks())) {
      var cluster = run.cluster();
      cluster.member(0).start();
      openByForce(cluster.member(0));
      cluster.awaitReady(READY_WAIT_MAX);
      var load = run.load(RUNNING);
      load.park(2000);
      calm(run);
      cluster.startAll();
      cluster.awaitReady(READY_WAIT_MAX);
      calm(run);
      assertThat(cluster.member(1).terminate()).isZero();
      cluster.awaitReady(READY_WAIT_MAX);
      calm(run);
      cluster.startAll();
      cluster.awaitReady(READY_WAIT_MAX);
      load.unpark();
      Duration standstill = Delays.longestStandstill(load.recorded());
      LOG.info("1, 3, 2, 3 members: the longest standstill was {}", standstill);
      run.check(200, List.of("1, 3, 2, 3 members"));
    }
  }

  @Test
  void killedMemberIsTakenOverWithinFiveSeconds() throws Exception {
    try (var run = ChaosRun.begin("killed", 3, RUNNING, new Storage.OwnDisks())) {
      calm(run);
      MemberProcess killed = run.cluster().member(run.random().nextInt(3));
      killed.kill();
      long atNanos = System.nanoTime();
      run.cluster().awaitReady(READY_WAIT_MAX);
      calm(run);
      calm(run);
      var delay = Delays.untilAllWentOn(run.workload().recorded(), atNanos);
      LOG.info("After the kill of {}: {}", killed, delay);
      killed.start();
      run.cluster().awaitReady(READY_WAIT_MAX);
      run.check(200, List.of("kill of " + killed));
      assertThat(delay.executions()).isGreaterThan(RUNNING / 2);
      assertThat(delay.last()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void suspendedMemberIsFencedWhenItComesBack() throws Exception {
    try (var run = ChaosRun.begin("suspended", 3, RUNNING, new Storage.OwnDisks())) {
      calm(run);
      MemberProcess member = run.cluster().member(run.random().nextInt(3));
      member.suspend();
      hold(LONGER_THAN_DETECTION);
      member.proceed();
      run.cluster().awaitReady(READY_WAIT_MAX);
      calm(run);
      run.check(200, List.of("SIGSTOP of " + member));
    }
  }

  @Test
  void minorityRefusesAndGoesOnAfterHealing() throws Exception {
    try (var run = ChaosRun.begin("minority", 3, RUNNING, new Storage.OwnDisks())) {
      var cluster = run.cluster();
      calm(run);
      cluster.partition(List.of(0), List.of(1, 2));
      var alone = new HttpApi(cluster.member(0).http(), CALL_WAIT_MAX);
      var start = Map.of("definition", "chaos-sequence", "id", "alone", "input", Map.of("n", 1));
      await()
          .atMost(LONGER_THAN_DETECTION.multipliedBy(2))
          .untilAsserted(() -> {
            HttpApi.Answer answer = alone.post("/v1/executions", start);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().path("code").asString("")).isEqualTo("no-quorum");
          });
      assertThat(cluster.member(0).isReady()).isFalse();
      long before = Delays.longestStandstill(run.workload().recorded()).toMillis();
      calm(run);
      LOG.info("During the partition the longest standstill was {} ms", before);
      cluster.links().heal();
      cluster.awaitReady(READY_WAIT_MAX);
      calm(run);
      run.check(200, List.of("partition of member 0"));
    }
  }

  @Test
  void rollingRestartFailsNoCall() throws Exception {
    try (var run = ChaosRun.begin("rolling", 3, RUNNING, new Storage.OwnDisks())) {
      var cluster = run.cluster();
      calm(run);
      for (MemberProcess member : cluster.members()) {
        run.workload().spare(member);
        var http = new HttpApi(member.http(), CALL_WAIT_MAX);
        assertThat(http.post("/v1/cluster/drain?wait=30s", Map.of()).status()).isEqualTo(200);
        assertThat(member.terminate()).isZero();
        member.start();
        cluster.awaitReady(READY_WAIT_MAX);
        run.workload().spareNone();
        calm(run);
      }
      List<Fact.Call> failed =
          run.workload()
              .recorded()
              .of(Fact.Call.class)
              .filter(call -> call.answer() == Answer.UNKNOWN)
              .toList();
      Duration slowest = Delays.slowestCall(run.workload().recorded());
      LOG.info("Rolling restart: the slowest call took {}", slowest);
      run.check(200, List.of("rolling restart"));
      assertThat(failed).isEmpty();
    }
  }

  private static void openByForce(MemberProcess member) {
    var http = new HttpApi(member.http(), CALL_WAIT_MAX);
    await()
        .atMost(READY_WAIT_MAX)
        .ignoreExceptionsMatching(IOException.class::isInstance)
        .until(() -> http.post("/v1/cluster/open", Map.of("force", true)).status() == 200);
  }

  /** Lets the load run until it was seen to flow. */
  private static void calm(ChaosRun run) {
    run.awaitCompletions(run.completions() + RUNNING);
  }

  private static void hold(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
