package dev.holdfast.ops;

import dev.holdfast.api.FiringOutcome;
import dev.holdfast.grid.EngineStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.IntSupplier;

/** How many schedules there are, and what becomes of their times. */
public final class ScheduleMetrics implements MeterBinder {
  private final EngineStats stats;
  private final IntSupplier schedules;

  /**
   * @param schedules those that are owned here
   */
  public ScheduleMetrics(EngineStats stats, IntSupplier schedules) {
    this.stats = stats;
    this.schedules = schedules;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("holdfast.schedules", schedules::getAsInt)
        .description("Schedules owned here, paused ones included")
        .register(registry);
    for (FiringOutcome outcome : FiringOutcome.values()) {
      FunctionCounter.builder(
              "holdfast.schedules.times", stats, source -> source.scheduledTimes(outcome))
          .description("Times of schedules, by what became of them")
          .tag("outcome", outcome.name())
          .register(registry);
    }
  }
}
