package dev.holdfast.ops;

import dev.holdfast.grid.Migrations;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;

/** How partitions move between members. */
public final class MigrationMetrics implements MeterBinder {
  private final Migrations migrations;

  public MigrationMetrics(Migrations migrations) {
    this.migrations = migrations;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionTimer.builder(
            "holdfast.migrations",
            migrations,
            Migrations::runs,
            Migrations::runMillis,
            TimeUnit.MILLISECONDS)
        .description("Runs of migrations in the whole cluster and the time they took")
        .register(registry);
    Gauge.builder("holdfast.migrations.remaining", migrations, Migrations::remaining)
        .description("Partitions that the run under way still has to move")
        .register(registry);
    FunctionCounter.builder("holdfast.migrations.failed", migrations, Migrations::failures)
        .description("Moves of partitions that failed and are planned again")
        .register(registry);
    FunctionCounter.builder("holdfast.partitions.lost", migrations, Migrations::losses)
        .description("Partitions whose owner and backup were lost at once")
        .register(registry);
  }
}
