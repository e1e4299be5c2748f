package dev.holdfast.ops;

import dev.holdfast.grid.ClusterControl;
import dev.holdfast.grid.ClusterState;
import dev.holdfast.grid.PartitionFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;

/** How a member stands in its cluster, and what moves between members. */
public final class ClusterMetrics implements MeterBinder {
  private final ClusterControl cluster;
  private final Supplier<PartitionFigures> partitions;

  public ClusterMetrics(ClusterControl cluster, Supplier<PartitionFigures> partitions) {
    this.cluster = cluster;
    this.partitions = partitions;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("holdfast.cluster.open", cluster, ClusterMetrics::isOpen)
        .description("1 while the cluster takes commands here")
        .register(registry);
    Gauge.builder("holdfast.cluster.members", cluster, one -> one.standing().present())
        .description("Members that this one sees, itself included")
        .register(registry);
    Gauge.builder("holdfast.cluster.quorum", cluster, one -> one.standing().needed())
        .description("Members that have to see each other")
        .register(registry);
    Gauge.builder("holdfast.partitions.owned", partitions, figures -> figures.get().owned())
        .description("Partitions that this member owns and has taken over")
        .register(registry);
    Gauge.builder("holdfast.partitions.backed.up", partitions, all -> all.get().backedUp())
        .description("Partitions of which this member has the copy")
        .register(registry);
    Gauge.builder(
            "holdfast.executions.backed.up", partitions, all -> all.get().executionsBackedUp())
        .description("Executions in the partitions of which this member has the copy")
        .register(registry);
    FunctionCounter.builder("holdfast.partitions.taken", partitions, all -> all.get().taken())
        .description("Partitions that came to this member")
        .register(registry);
    FunctionCounter.builder("holdfast.partitions.given", partitions, all -> all.get().given())
        .description("Partitions that went to other members")
        .register(registry);
  }

  private static int isOpen(ClusterControl cluster) {
    return cluster.standing().state() == ClusterState.OPEN ? 1 : 0;
  }
}
