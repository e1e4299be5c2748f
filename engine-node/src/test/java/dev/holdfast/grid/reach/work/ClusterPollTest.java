package dev.holdfast.grid.reach.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.TaskToken;
import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Dispatcher.LeaseStatus;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.grid.TestMember;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Polls on one member hand out the tasks of all. */
class ClusterPollTest {
  private static final int PLACES = 3;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = new TestCluster(PLACES);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void register(String name, String task) {
    cluster.register(
        name,
        """
        name: %s
        tasks:
          a: { agent: %s, %s }
          b: { agent: %s, needs: [a] }
        """
            .formatted(name, name, task, name));
  }

  @Test
  void pollsOnOneMemberDrainAllMembersWithoutHandingATaskTwice() {
    register("drain", "timeout: 1m");
    int count = 200;
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      String id = cluster.idOwnedBy(i % PLACES);
      ids.add(id);
      cluster.start(0, "drain", id, null);
    }
    Set<TaskToken> handed = ConcurrentHashMap.newKeySet();
    var completed = new AtomicInteger();
    var workers = new ArrayList<CompletableFuture<Void>>();
    for (int w = 0; w < 4; w++) {
      workers.add(
          CompletableFuture.runAsync(
              () -> {
                while (completed.get() < 2 * count) {
                  List<Assignment> tasks = cluster.poll(0, "drain", 5, Duration.ofMillis(500));
                  assertThat(tasks).hasSizeLessThanOrEqualTo(5);
                  for (Assignment task : tasks) {
                    assertThat(handed.add(task.token())).as("%s is new", task).isTrue();
                    assertThat(cluster.complete(0, task, null)).isInstanceOf(Outcome.Done.class);
                    completed.incrementAndGet();
                  }
                }
              },
              Thread::startVirtualThread));
    }
    workers.forEach(worker -> worker.orTimeout(60, TimeUnit.SECONDS).join());
    assertThat(handed).hasSize(2 * count);
    for (String id : ids) {
      var state = cluster.member(1).whenEnded(TestMember.key(id));
      assertThat(state.orTimeout(10, TimeUnit.SECONDS).join().status())
          .isEqualTo(ExecutionStatus.COMPLETED);
    }
  }

  @Test
  void waitingPollIsGivenWhatBecomesReadyElsewhere() {
    register("later", "timeout: 1m");
    for (int round = 0; round < 3; round++) {
      for (int place = 0; place < PLACES; place++) {
        CompletableFuture<List<Assignment>> poll = begin(0, "later", 10, Duration.ofSeconds(20));
        String id = cluster.idOwnedBy(place);
        Instant before = Instant.now();
        cluster.start(place, "later", id, null);
        List<Assignment> tasks = poll.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(tasks).extracting(Assignment::execution).containsExactly(id);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(3));
        cluster.complete(0, tasks.getFirst(), null);
        cluster.complete(1, cluster.poll(2, "later", 1, Duration.ofSeconds(10)).getFirst(), null);
      }
    }
  }

  @Test
  void aPollThatIsCancelledLeavesTheTaskToOthers() {
    register("gone", "timeout: 1m");
    CompletableFuture<List<Assignment>> gone = begin(0, "gone", 1, Duration.ofSeconds(30));
    gone.cancel(false);
    String id = cluster.idOwnedBy(1);
    cluster.start(1, "gone", id, null);
    assertThat(cluster.poll(2, "gone", 1, Duration.ofSeconds(10)))
        .extracting(Assignment::execution)
        .containsExactly(id);
  }

  @Test
  void heartbeatsThroughAnotherMemberKeepTheLease() {
    register("pulse", "heartbeat: 1s");
    String id = cluster.idOwnedBy(1);
    cluster.start(1, "pulse", id, null);
    Assignment task = cluster.poll(0, "pulse", 1, Duration.ofSeconds(10)).getFirst();
    Instant end = Instant.now().plusSeconds(3);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          assertThat(beat(2, task)).isEqualTo(LeaseStatus.LIVE);
          return Instant.now().isAfter(end);
        });
    for (int place = 0; place < PLACES; place++) {
      assertThat(
              cluster
                  .member(place)
                  .dispatcher()
                  .progress(TestMember.key(id), List.of(task.token()))
                  .get(task.token())
                  .progress())
          .isEqualTo(0.5);
    }
    Assignment again = cluster.poll(0, "pulse", 1, Duration.ofSeconds(10)).getFirst();
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(beat(2, task)).isEqualTo(LeaseStatus.REVOKED);
  }

  private static LeaseStatus beat(int place, Assignment task) {
    return cluster
        .member(place)
        .dispatcher()
        .heartbeat(TestMember.TENANT, task.token(), 0.5, null)
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void whatIsGivenBackThroughAnotherMemberIsHandedOutAgain() {
    register("back", "timeout: 1m");
    String id = cluster.idOwnedBy(1);
    cluster.start(1, "back", id, null);
    Assignment first = cluster.poll(0, "back", 1, Duration.ofSeconds(10)).getFirst();
    cluster.member(2).dispatcher().giveBack(first);
    Assignment second = cluster.poll(0, "back", 1, Duration.ofSeconds(10)).getFirst();
    assertThat(second.attempt()).isEqualTo(2);
  }

  @Test
  void everyMembersBacklogGetsItsTurn() {
    register("fair", "timeout: 1m");
    int each = 40;
    Set<String> ofPlace = new HashSet<>();
    for (int i = 0; i < each * PLACES; i++) {
      int place = i % PLACES;
      String id = cluster.idOwnedBy(place);
      ofPlace.add(id);
      cluster.start(place, "fair", id, null);
    }
    var served = new int[PLACES];
    for (int i = 0; i < each * PLACES / 2; i++) {
      Assignment task = cluster.poll(0, "fair", 1, Duration.ofSeconds(10)).getFirst();
      served[cluster.ownerOf(task.execution())]++;
    }
    for (int place = 0; place < PLACES; place++) {
      assertThat(served[place]).as("served of place %s", place).isGreaterThan(each / 10);
    }
  }

  @Test
  void agentsOfAllMembersAreKnownToEach() {
    var profile = new AgentProfile(TestMember.TENANT, "w-7", List.of("rare"), Map.of("x", "y"));
    cluster.member(0).dispatcher().poll(profile, 1, Duration.ZERO).join();
    for (int place = 0; place < PLACES; place++) {
      assertThat(cluster.member(place).dispatcher().agents(TestMember.TENANT))
          .filteredOn(agent -> agent.worker().equals("w-7"))
          .hasSize(1);
    }
  }

  private static CompletableFuture<List<Assignment>> begin(
      int place, String capability, int max, Duration wait) {
    var profile = new AgentProfile(TestMember.TENANT, "worker-1", List.of(capability), Map.of());
    return cluster.member(place).dispatcher().poll(profile, max, wait);
  }
}
