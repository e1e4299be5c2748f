package dev.holdfast.ops;

import dev.holdfast.grid.blob.BlobKeeping;
import dev.holdfast.grid.blob.BlobStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** Data by reference: what is kept, and what goes in and out. */
public record BlobMetrics(BlobKeeping keeping) implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("holdfast.blobs", keeping, kept -> kept.totals().blobs())
        .description("Blobs in the store")
        .register(registry);
    Gauge.builder("holdfast.blobs.size", keeping, kept -> kept.totals().bytes())
        .description("What their contents take")
        .baseUnit("bytes")
        .register(registry);
    count(registry, "stored", "Blobs taken in here", BlobStats::stored);
    count(registry, "stored.bytes", "Content of blobs taken in here", BlobStats::storedBytes);
    count(registry, "read.bytes", "Content of blobs given out here", BlobStats::readBytes);
    count(registry, "removed", "Blobs removed since nobody referred to them", BlobStats::removed);
    count(registry, "copied", "Blobs copied here from other members", BlobStats::copied);
    Gauge.builder("holdfast.blobs.unsettled", keeping.stats(), BlobStats::unsettled)
        .description("Blobs here that are not on every other disk yet on which they should be")
        .register(registry);
  }

  private void count(
      MeterRegistry registry, String name, String what, ToDoubleFunction<BlobStats> value) {
    FunctionCounter.builder("holdfast.blobs." + name, keeping.stats(), value)
        .description(what)
        .register(registry);
  }
}
