package dev.holdfast.node.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Members whose link is cut lose sight of each other, and find each other again. */
@EnabledIfSystemProperty(named = "holdfast.chaos.all", matches = "true")
class LinksIT {
  private static final Duration WAIT_MAX = Duration.ofMinutes(3);
  private static final int MEMBERS = 3;

  @TempDir Path folder;

  @Test
  void membersPartAndMeetAgainByRelays() {
    partAndMeetAgain(new LoopbackLinks());
  }

  @Test
  void membersPartAndMeetAgainInNamespaces() {
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux"), "network namespaces are Linux's");
    partAndMeetAgain(namespaces());
  }

  private static Links namespaces() {
    try {
      return new NamespaceLinks(MEMBERS);
    } catch (IllegalStateException e) {
      throw new TestAbortedException("no network namespaces here: " + e.getMessage(), e);
    }
  }

  private void partAndMeetAgain(Links links) {
    var arguments = List.of("--store", "memory");
    try (var cluster = new ProcessCluster(folder, MEMBERS, links, arguments, Map.of())) {
      cluster.startAll();
      cluster.awaitReady(WAIT_MAX);
      cluster.partition(List.of(0), List.of(1, 2));
      await()
          .atMost(WAIT_MAX)
          .untilAsserted(() -> {
            assertThat(cluster.member(0).sees()).isEqualTo(1);
            assertThat(cluster.member(1).sees()).isEqualTo(2);
            assertThat(cluster.member(2).sees()).isEqualTo(2);
            assertThat(cluster.member(0).isReady()).isFalse();
            assertThat(cluster.member(1).isReady()).isTrue();
          });
      cluster.links().heal();
      cluster.awaitReady(WAIT_MAX);
    }
  }
}
