package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A member that leaves hands over what it has before it stops serving. */
@Timeout(120)
class EvacuationTest {
  private static final String YAML = "name: waits\ntasks: { one: { agent: nobody } }\n";
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void whoHasGivenEverythingAwayStillServes() {
    try (var cluster = new TestCluster(3)) {
      cluster.register("waits", YAML);
      GridEngine leaving = cluster.member(0);
      String id = cluster.idOwnedBy(0);
      assertThat(cluster.start(0, "waits", id, null)).isInstanceOf(Outcome.Done.class);
      var replicas = new Replicas(leaving.hazelcast());

      new Evacuation(replicas, () -> false).run();

      assertThat(partitions(replicas).filter(replicas::isOwned)).isEmpty();
      assertThat(partitions(replicas).filter(replicas::isBackedUpHere)).isEmpty();
      assertThat(partitions(replicas).mapToObj(replicas::backup)).doesNotContainNull();
      assertThat(leaving.find(TestMember.key(id))).isPresent();
      for (int place = 1; place < 3; place++) {
        String next = cluster.idOwnedBy(place);
        assertThat(cluster.start(0, "waits", next, null)).isInstanceOf(Outcome.Done.class);
      }
    }
  }

  @Test
  void allMembersCanLeaveAtOnce() {
    try (var cluster = new TestCluster(3)) {
      List<CompletableFuture<Void>> left =
          cluster.running().stream().map(member -> member.control().drain()).toList();
      left.forEach(one -> assertThat(one).succeedsWithin(SOON));
    }
  }

  @Test
  void theLastOneHasNobodyToGiveTo() {
    try (var cluster = new TestCluster(2)) {
      var replicas = new Replicas(cluster.member(0).hazelcast());
      new Evacuation(replicas, () -> true).run();
      assertThat(partitions(replicas).filter(replicas::isOwned)).isNotEmpty();
    }
  }

  @Test
  void workIsRefusedOnlyOnceAllIsHandedOver() {
    List<String> steps = new CopyOnWriteArrayList<>();
    var departure =
        new Departure(
            () -> steps.add("hand over"),
            () -> steps.add("refuse"),
            () -> true,
            () -> steps.add("leave"));
    assertThat(departure.begin()).succeedsWithin(SOON);
    assertThat(steps).containsExactly("hand over", "refuse", "leave");
  }

  private static IntStream partitions(Replicas replicas) {
    return IntStream.range(0, replicas.count());
  }
}
