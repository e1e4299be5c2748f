package dev.holdfast.node.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.chaos.cluster.LoopbackLinks;
import dev.holdfast.node.chaos.cluster.MemberProcess;
import dev.holdfast.node.chaos.cluster.ProcessCluster;
import dev.holdfast.node.chaos.history.Answer;
import dev.holdfast.node.chaos.history.Delays;
import dev.holdfast.node.chaos.history.Fact;
import dev.holdfast.node.chaos.workload.Workload;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * What operators do to a cluster, and what befalls it, one thing after the other, under load that
 * never stops; at the end everything that clients saw is held to what is there. Members have disks
 * of their own. Takes minutes: {@code -Dholdfast.chaos.all=true}.
 */
@EnabledIfSystemProperty(named = "holdfast.chaos.all", matches = "true")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScenariosIT {
  private static final Logger LOG = LoggerFactory.getLogger(ScenariosIT.class);
  private static final Duration READY_WAIT_MAX = Duration.ofMinutes(3);
  private static final Duration CALL_WAIT_MAX = Duration.ofSeconds(90);

  /** Longer than the 5 s without heartbeats after which a member is taken for dead. */
  private static final Duration LONGER_THAN_DETECTION = Duration.ofSeconds(8);

  private static final Duration TAKEN_OVER_MAX = Duration.ofSeconds(5);
  private static final int RUNNING = 30;
  private static final int PARKED = 2000;

  private final List<String> done = new ArrayList<>();
  private ChaosRun run;
  private ProcessCluster cluster;
  private Workload load;

  @BeforeAll
  void openOneOfThree() throws IOException {
    run = new ChaosRun("scenarios", 3, new LoopbackLinks(), new Storage.OwnDisks());
    cluster = run.cluster();
    cluster.member(0).start();
    openByForce(cluster.member(0));
    cluster.awaitReady(READY_WAIT_MAX);
    load = run.load(RUNNING);
  }

  @AfterAll
  void close() throws IOException {
    run.close();
  }

  @Test
  @Order(1)
  void membersComeAndGoWhileThousandsOfExecutionsRun() {
    load.park(PARKED);
    flow();
    cluster.startAll();
    cluster.awaitReady(READY_WAIT_MAX);
    flow();
    assertThat(cluster.member(1).terminate()).isZero();
    cluster.awaitReady(READY_WAIT_MAX);
    flow();
    cluster.startAll();
    cluster.awaitReady(READY_WAIT_MAX);
    flow();
    note("1, 3, 2, 3 members", Delays.longestStandstill(load.recorded()));
  }

  @Test
  @Order(2)
  void killedMemberIsTakenOverWithinFiveSeconds() {
    MemberProcess killed = cluster.member(run.random().nextInt(3));
    long atNanos = System.nanoTime();
    killed.kill();
    cluster.awaitReady(READY_WAIT_MAX);
    flow();
    flow();
    var over = Delays.goingOn(load.recorded(), atNanos, Workload::goesOnAlone);
    var lost = new ArrayList<String>();
    for (String waiting : over.waiting()) {
      lost.add(awaitLostHandOver(waiting));
    }
    killed.start();
    cluster.awaitReady(READY_WAIT_MAX);
    note("kill -9 of " + killed, over + ", attempts whose hand-over was lost: " + lost);
    assertThat(over.last()).isLessThan(TAKEN_OVER_MAX);
    assertThat(lost.size()).isLessThan(over.executions() / 2);
  }

  /**
   * A task may have been handed out in an answer that was lost with the member. Nobody knows of
   * such an attempt but the cluster, so that it lasts until it times out.
   */
  private String awaitLostHandOver(String execution) {
    var http = new HttpApi(cluster.running().getFirst().http(), CALL_WAIT_MAX);
    return await("what " + execution + " waits for")
        .atMost(READY_WAIT_MAX)
        .until(() -> timedOut(http, execution), Optional::isPresent)
        .map(attempt -> {
          assertThat(load.recorded().of(Fact.Handed.class))
              .noneMatch(handed ->
                  attempt.equals(attempt(handed.execution(), handed.task(), handed.attempt())));
          return attempt;
        })
        .orElseThrow();
  }

  /** Of the execution, or of one that it is the parent of. */
  private static Optional<String> timedOut(HttpApi http, String execution) throws IOException {
    String path = "/v1/executions/" + URLEncoder.encode(execution, StandardCharsets.UTF_8);
    JsonNode view = http.get(path).json();
    for (JsonNode task : view.path("tasks")) {
      Optional<String> below =
          task.has("child") ? timedOut(http, task.get("child").asString()) : Optional.empty();
      if (below.isPresent()) {
        return below;
      }
      for (JsonNode attempt : task.path("attempts")) {
        if (attempt.path("outcome").asString("").equals("timed-out")) {
          return Optional.of(
              attempt(execution, task.get("id").asString(), attempt.get("n").asInt()));
        }
      }
    }
    return Optional.empty();
  }

  private static String attempt(String execution, String task, int number) {
    return execution + '/' + task + '#' + number;
  }

  @Test
  @Order(3)
  void suspendedMemberIsFencedWhenItComesBack() throws IOException {
    MemberProcess member = cluster.member(run.random().nextInt(3));
    member.suspend();
    hold(LONGER_THAN_DETECTION);
    flow();
    member.proceed();
    cluster.awaitReady(READY_WAIT_MAX);
    flow();
    note("SIGSTOP and SIGCONT of " + member, "");
    assertThat(member.hasLogged("Another part of the cluster goes on without this member"))
        .isTrue();
    assertThat(member.metric("holdfast_executions_fenced_total")).isPositive();
  }

  @Test
  @Order(4)
  void minorityRefusesAndGoesOnAfterHealing() {
    MemberProcess alone = cluster.member(run.random().nextInt(3));
    cluster.isolate(alone);
    var http = new HttpApi(alone.http(), CALL_WAIT_MAX);
    var start = Map.of("definition", "chaos-sequence", "id", "alone", "input", Map.of("n", 1));
    await()
        .atMost(READY_WAIT_MAX)
        .untilAsserted(() -> {
          HttpApi.Answer answer = http.post("/v1/executions", start);
          assertThat(answer.status()).isEqualTo(503);
          assertThat(answer.json().path("code").asString("")).isEqualTo("no-quorum");
        });
    assertThat(alone.isReady()).isFalse();
    flow();
    cluster.links().heal();
    cluster.awaitReady(READY_WAIT_MAX);
    flow();
    note("partition of " + alone, "");
  }

  @Test
  @Order(5)
  void rollingRestartFailsNoCall() throws IOException {
    long fromNanos = System.nanoTime();
    for (MemberProcess member : cluster.members()) {
      load.spare(member);
      var http = new HttpApi(member.http(), CALL_WAIT_MAX);
      assertThat(http.post("/v1/cluster/drain?wait=60s", Map.of()).status()).isEqualTo(200);
      assertThat(member.terminate()).isZero();
      member.start();
      cluster.awaitReady(READY_WAIT_MAX);
      load.spareNone();
      flow();
    }
    List<Fact.Call> failed =
        load.recorded()
            .of(Fact.Call.class)
            .filter(call -> call.askedNanos() > fromNanos && call.answer() == Answer.UNKNOWN)
            .toList();
    note("rolling restart", Delays.slowestCall(load.recorded(), fromNanos));
    assertThat(failed).isEmpty();
  }

  @Test
  @Order(6)
  void everythingThatClientsSawIsThere() throws IOException {
    load.unpark();
    run.check(10 * RUNNING, done);
  }

  private static void openByForce(MemberProcess member) {
    var http = new HttpApi(member.http(), CALL_WAIT_MAX);
    await()
        .atMost(READY_WAIT_MAX)
        .ignoreExceptionsMatching(IOException.class::isInstance)
        .until(() -> http.post("/v1/cluster/open", Map.of("force", true)).status() == 200);
  }

  private void note(String what, Object figure) {
    LOG.info("{}: {}", what, figure);
    done.add(what + ' ' + figure);
  }

  /** Waits until the load was seen to flow. */
  private void flow() {
    run.awaitCompletions(run.completions() + RUNNING);
  }

  private static void hold(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
