package dev.holdfast.grid;

import dev.holdfast.api.Page;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.core.Plan;
import dev.holdfast.core.ScheduleCheck;
import dev.holdfast.core.ScheduleCheck.Fault;
import dev.holdfast.grid.blob.Blobs;
import dev.holdfast.grid.blob.LargeInput;
import dev.holdfast.grid.reach.records.ClusterSchedules;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cluster's schedules, and what is wrong with one before it is one. */
final class AdmittedSchedules implements Schedules {
  private final ClusterSchedules cluster;
  private final Definitions definitions;
  private final Blobs blobs;
  private final InstantSource clock;

  AdmittedSchedules(
      ClusterSchedules cluster, Definitions definitions, Blobs blobs, InstantSource clock) {
    this.cluster = cluster;
    this.definitions = definitions;
    this.blobs = blobs;
    this.clock = clock;
  }

  @Override
  public Page<ScheduleView> list(String tenant, int limit, @Nullable String cursor) {
    return cluster.list(tenant, limit, cursor);
  }

  @Override
  public List<Fault> faults(String tenant, ScheduleSpec spec) {
    var faults = new ArrayList<>(ScheduleCheck.of(spec, clock.instant()));
    Optional<Plan> plan = definitions.plan(tenant, spec.definition(), spec.version());
    if (plan.isPresent()) {
      LargeInput.violations(blobs, tenant, plan.get(), spec.input())
          .forEach(violation -> faults.add(new Fault("input", violation)));
    } else {
      faults.add(
          definitions.find(tenant, spec.definition(), null).isPresent()
              ? new Fault(
                  "version",
                  "is %s, which definition '%s' does not have"
                      .formatted(spec.version(), spec.definition()))
              : new Fault("definition", "'%s' is not registered".formatted(spec.definition())));
    }
    return List.copyOf(faults);
  }
}
