package dev.holdfast.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.TestCluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ClusterMetricsTest {
  /** Registries hold what they read only weakly. */
  private final List<MeterBinder> held = new ArrayList<>();

  @Test
  void partitionsAreCountedWhereTheyAreAndAsTheyMove() {
    try (var cluster = new TestCluster(3)) {
      List<MeterRegistry> registries =
          IntStream.range(0, 3).mapToObj(place -> metersOf(cluster.member(place))).toList();
      int partitions = cluster.member(0).hazelcast().getPartitionService().getPartitions().size();
      awaitSum(registries, "holdfast.partitions.owned", partitions);
      awaitSum(registries, "holdfast.partitions.backed.up", partitions);
      assertThat(gauge(registries.getFirst(), "holdfast.cluster.members")).isEqualTo(3);
      assertThat(gauge(registries.getFirst(), "holdfast.cluster.open")).isEqualTo(1);

      double before = counter(registries.getFirst(), "holdfast.partitions.taken");
      cluster.kill(2);
      awaitSum(registries.subList(0, 2), "holdfast.partitions.owned", partitions);
      awaitSum(registries.subList(0, 2), "holdfast.partitions.backed.up", partitions);
      assertThat(gauge(registries.getFirst(), "holdfast.cluster.members")).isEqualTo(2);
      assertThat(counter(registries.getFirst(), "holdfast.partitions.lost")).isZero();
      assertThat(counter(registries.getFirst(), "holdfast.partitions.taken")).isGreaterThan(before);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> {
            var timer = registries.getFirst().get("holdfast.migrations").functionTimer();
            assertThat(timer.count()).isPositive();
            assertThat(gauge(registries.getFirst(), "holdfast.migrations.remaining")).isZero();
          });
    }
  }

  private MeterRegistry metersOf(GridEngine member) {
    var registry = new SimpleMeterRegistry();
    var metrics =
        List.of(
            new ClusterMetrics(member.control(), member::partitions),
            new MigrationMetrics(member.migrations()));
    held.addAll(metrics);
    metrics.forEach(one -> one.bindTo(registry));
    return registry;
  }

  private static void awaitSum(List<MeterRegistry> registries, String name, int expected) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(registries.stream().mapToDouble(one -> gauge(one, name)).sum())
                .isEqualTo(expected));
  }

  private static double gauge(MeterRegistry registry, String name) {
    return registry.get(name).gauge().value();
  }

  private static double counter(MeterRegistry registry, String name) {
    return registry.get(name).functionCounter().count();
  }
}
