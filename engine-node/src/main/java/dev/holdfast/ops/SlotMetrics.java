package dev.holdfast.ops;

import dev.holdfast.grid.slot.Claims;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Executions with a concurrency key. */
public final class SlotMetrics implements MeterBinder {
  private final Claims claims;

  public SlotMetrics(Claims claims) {
    this.claims = claims;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("holdfast.concurrency.waiting", claims, Claims::waitingCount)
        .description("Executions owned here that wait for a slot of their concurrency key")
        .register(registry);
    Gauge.builder("holdfast.concurrency.held", claims, Claims::heldCount)
        .description("Executions owned here that hold a slot of their concurrency key")
        .register(registry);
  }
}
