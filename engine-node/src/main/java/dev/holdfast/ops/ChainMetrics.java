package dev.holdfast.ops;

import dev.holdfast.grid.chain.ChainStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What members with a disk of their own each did to agree on what is on them. */
public final class ChainMetrics implements MeterBinder {
  private final ChainStats stats;

  /** Of the member that these are counted by. */
  public ChainMetrics(ChainStats stats) {
    this.stats = stats;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("holdfast.chains.fetched", stats, ChainStats::fetched)
        .description("Executions' chains, or beginnings of chains, taken over from other members")
        .register(registry);
    FunctionCounter.builder("holdfast.chains.dropped", stats, ChainStats::dropped)
        .description("Executions' chains cleared from this disk, since others keep them now")
        .register(registry);
    FunctionCounter.builder("holdfast.chains.restored", stats, ChainStats::restored)
        .description("Live executions put back from a disk after the cluster had lost them")
        .register(registry);
    Gauge.builder("holdfast.chains.unsettled", stats, ChainStats::unsettled)
        .description("Executions' chains that are not on all disks yet on which they should be")
        .register(registry);
  }
}
