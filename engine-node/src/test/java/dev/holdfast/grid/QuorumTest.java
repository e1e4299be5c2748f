package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.core.Command;
import dev.holdfast.core.Rejection;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Members agree on epochs, and the cluster opens, loses its quorum and gets it back. */
class QuorumTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String YAML = "name: q\ntasks: { only: { agent: nobody } }\n";

  @Test
  void membersOfAListGoByOneEpochThatEachHasPromised() {
    var stores = new ArrayList<StateStore>();
    try (var cluster = new TestCluster(3, place -> remembered(stores))) {
      long epoch = epochOf(cluster.member(0));
      assertThat(epoch).isPositive();
      assertThat(cluster.running()).allSatisfy(one -> assertThat(epochOf(one)).isEqualTo(epoch));
      assertThat(stores)
          .hasSize(3)
          .allSatisfy(one -> assertThat(one.promisedEpoch()).isEqualTo(epoch));
    }
  }

  private static StateStore remembered(List<StateStore> stores) {
    var store = new MemoryStateStore();
    synchronized (stores) {
      stores.add(store);
    }
    return store;
  }

  @Test
  void eachChangeOfTheMemberListBringsAHigherEpoch() {
    try (var cluster = new TestCluster(3)) {
      long first = epochOf(cluster.member(0));
      cluster.kill(0);
      await().atMost(SOON).until(() -> epochOf(cluster.member(1)) > first);
      long second = epochOf(cluster.member(1));
      assertThat(epochOf(cluster.member(2))).isEqualTo(second);
      cluster.startIn(0);
      await().atMost(SOON).until(() -> epochOf(cluster.member(0)) > second);
    }
  }

  @Test
  void lastOfThreeRefusesCommandsUntilAnotherIsBack() {
    try (var cluster = new TestCluster(3)) {
      GridEngine last = cluster.member(2);
      last.definitions().register(TestMember.TENANT, "q", "application/yaml", YAML);
      cluster.kill(0);
      // Once every partition has two copies again, one member is enough to keep them.
      cluster.awaitOpen(2);
      cluster.kill(1);
      await().atMost(SOON).until(() -> stateOf(last) == ClusterState.NO_QUORUM);
      assertThat(start(last, "refused"))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused ->
                  assertThat(refused.rejection().code()).isEqualTo(Rejection.Code.NO_QUORUM));
      assertThat(last.cluster().missing()).isEqualTo(2);
      cluster.startIn(1);
      assertThat(stateOf(last)).isEqualTo(ClusterState.OPEN);
      assertThat(start(last, cluster.idOwnedBy(2))).isInstanceOf(Outcome.Done.class);
    }
  }

  @Test
  void clusterOpensWhenAllItsMembersAreThere() {
    try (var cluster = new TestCluster(2, 0, place -> new MemoryStateStore());
        var first = engine(cluster, 0)) {
      assertThat(stateOf(first)).isEqualTo(ClusterState.WAITING);
      assertThat(first.control().standing().detail())
          .isEqualTo("waits for members: 1 of 2 are there");
      assertThat(first.isOpen()).isFalse();
      try (var second = engine(cluster, 1)) {
        await()
            .atMost(SOON)
            .until(
                () -> stateOf(first) == ClusterState.OPEN && stateOf(second) == ClusterState.OPEN);
        assertThat(epochOf(first)).isEqualTo(epochOf(second));
      }
    }
  }

  @Test
  void membersThatStartAtOnceFormOneClusterOrNone() {
    for (int round = 0; round < 3; round++) {
      // The fixture starts all places at the same moment.
      try (var cluster = new TestCluster(2)) {
        var ids = cluster.running().stream().map(one -> one.hazelcast().getCluster()).toList();
        assertThat(ids.get(0).getMembers()).hasSize(2);
        assertThat(epochOf(cluster.member(0))).isEqualTo(epochOf(cluster.member(1))).isPositive();
      }
    }
  }

  @Test
  void operatorOpensWithTheMembersThatAreThere() {
    try (var cluster = new TestCluster(3, 0, place -> new MemoryStateStore());
        var only = engine(cluster, 1)) {
      assertThat(stateOf(only)).isEqualTo(ClusterState.WAITING);
      only.control().forceOpen().join();
      await().atMost(SOON).until(() -> stateOf(only) == ClusterState.OPEN);
      assertThat(only.control().standing().detail()).contains("by force with 1 of 3 members");
      only.definitions().register(TestMember.TENANT, "q", "application/yaml", YAML);
      assertThat(start(only, "forced")).isInstanceOf(Outcome.Done.class);
      try (var second = engine(cluster, 2)) {
        await().atMost(SOON).until(() -> stateOf(second) == ClusterState.OPEN);
        assertThat(stateOf(only)).isEqualTo(ClusterState.OPEN);
      }
    }
  }

  @Test
  void membersThatTakeTheOnlyCopiesWithThemAreWaitedFor() {
    try (var cluster = new TestCluster(3)) {
      GridEngine last = cluster.member(2);
      cluster.kill(0, 1);
      await().atMost(SOON).until(() -> stateOf(last) == ClusterState.NO_QUORUM);
      try (var second = engine(cluster, 0)) {
        // A quorum, but not all the disks that may have what the last one lacks.
        await()
            .atMost(SOON)
            .until(() ->
                last.control().standing().detail().equals("waits for members: 2 of 3 are there"));
        assertThat(stateOf(second)).isEqualTo(ClusterState.WAITING);
        assertThat(last.control().refusal()).isPresent();
        try (var third = engine(cluster, 1)) {
          await()
              .atMost(SOON)
              .until(
                  () -> stateOf(third) == ClusterState.OPEN && stateOf(last) == ClusterState.OPEN);
        }
      }
    }
  }

  @Test
  void memberThatLeavesByItselfTakesNothingWithIt() {
    try (var cluster = new TestCluster(3)) {
      GridEngine last = cluster.member(2);
      cluster.stop(0);
      cluster.stop(1);
      await().atMost(SOON).until(() -> stateOf(last) == ClusterState.NO_QUORUM);
      cluster.startIn(1);
      assertThat(stateOf(last)).isEqualTo(ClusterState.OPEN);
    }
  }

  @Test
  void restartedMembersPromiseNoEpochTwice() {
    var store = new MemoryStateStore();
    long future = System.currentTimeMillis() + TimeUnit.DAYS.toMillis(400);
    store.promiseEpoch(future);
    try (var cluster = new TestCluster(2, place -> place == 0 ? store : new MemoryStateStore())) {
      assertThat(epochOf(cluster.member(0))).isGreaterThan(future);
      assertThat(epochOf(cluster.member(1))).isEqualTo(epochOf(cluster.member(0)));
    }
  }

  @Test
  void everyMemberKnowsWhatTheOthersOwn() {
    try (var cluster = new TestCluster(2)) {
      GridEngine one = cluster.member(0);
      one.definitions().register(TestMember.TENANT, "q", "application/yaml", YAML);
      assertThat(start(one, cluster.idOwnedBy(0))).isInstanceOf(Outcome.Done.class);
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            assertThat(cluster.member(1).cluster().members())
                .filteredOn(member -> !member.local())
                .singleElement()
                .satisfies(other -> {
                  assertThat(other.owned()).isEqualTo(1);
                  assertThat(other.answering()).isTrue();
                  assertThat(other.readyTasks()).isEqualTo(1);
                  assertThat(other.readyOldestSeconds()).isPositive();
                  assertThat(other.fenced()).isZero();
                  assertThat(other.migrationsRemaining()).isZero();
                });
          });
    }
  }

  private static GridEngine engine(TestCluster cluster, int place) {
    return new GridEngine(cluster.settings(place), new MemoryStateStore(), InstantSource.system());
  }

  private static long epochOf(GridEngine member) {
    return member.control().standing().epoch();
  }

  private static ClusterState stateOf(GridEngine member) {
    return member.control().standing().state();
  }

  private static Outcome start(GridEngine member, String id) {
    var plan = member.definitions().plan(TestMember.TENANT, "q", null).orElseThrow();
    var command =
        new Command.StartExecution(
            plan, TestMember.key(id), null, Map.of(), null, 5, null, "digest", "tester");
    return member.submit(command.key(), command).orTimeout(20, TimeUnit.SECONDS).join();
  }
}
