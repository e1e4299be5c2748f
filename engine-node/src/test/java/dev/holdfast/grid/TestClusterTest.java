package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The fixture does what it says. */
class TestClusterTest {
  @Test
  void membersFindEachOtherAndShareThePartitions() {
    try (var cluster = new TestCluster(3)) {
      assertThat(cluster.running())
          .allSatisfy(one -> assertThat(one.cluster().members()).hasSize(3));
      for (int place = 0; place < 3; place++) {
        String id = cluster.idOwnedBy(place);
        assertThat(cluster.ownerOf(id)).isEqualTo(place);
      }
    }
  }

  @Test
  void placeCanBeFilledAgainAfterAKill() {
    try (var cluster = new TestCluster(2)) {
      cluster.kill(1);
      cluster.awaitOpen(1);
      cluster.startIn(1);
      assertThat(cluster.running()).hasSize(2);
    }
  }
}
