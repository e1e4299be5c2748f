package dev.holdfast.node.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Members whose link is cut lose sight of each other, and find each other again. */
@EnabledIfSystemProperty(named = "holdfast.chaos.all", matches = "true")
class LoopbackLinksIT {
  private static final Duration WAIT_MAX = Duration.ofMinutes(3);

  @TempDir Path folder;

  @Test
  void membersPartAndMeetAgain() {
    try (var cluster =
        new ClusterProcess(
            folder, 3, new LoopbackLinks(), List.of("--store", "memory"), Map.of())) {
      cluster.startAll();
      cluster.awaitReady(WAIT_MAX);
      cluster.partition(List.of(0), List.of(1, 2));
      await()
          .atMost(WAIT_MAX)
          .untilAsserted(() -> {
            assertThat(cluster.member(0).sees()).isEqualTo(1);
            assertThat(cluster.member(1).sees()).isEqualTo(2);
            assertThat(cluster.member(2).sees()).isEqualTo(2);
          });
      assertThat(cluster.member(0).isReady()).isFalse();
      assertThat(cluster.member(1).isReady()).isTrue();
      cluster.links().heal();
      cluster.awaitReady(WAIT_MAX);
    }
  }
}
