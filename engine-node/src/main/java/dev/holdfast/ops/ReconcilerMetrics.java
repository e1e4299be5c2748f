package dev.holdfast.ops;

import dev.holdfast.grid.UnservedWork;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** What should not be: executions that can't go on, lost queues and timers, work for nobody. */
public final class ReconcilerMetrics implements MeterBinder {
  private static final String ALL = "*";

  private final IntSupplier stuck;
  private final LongSupplier repairs;
  private final UnservedWork unserved;

  /**
   * @param stuck executions owned here that can't go on
   * @param repairs what had got lost and was made anew since the start
   */
  public ReconcilerMetrics(IntSupplier stuck, LongSupplier repairs, UnservedWork unserved) {
    this.stuck = stuck;
    this.repairs = repairs;
    this.unserved = unserved;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("holdfast.executions.stuck", stuck::getAsInt)
        .description("Executions that can't go on by anything that they wait for: a bug")
        .register(registry);
    FunctionCounter.builder("holdfast.reconciler.repairs", repairs, LongSupplier::getAsLong)
        .description("Timers, queue places, leases and listings that were missing and made anew")
        .register(registry);
    MultiGauge tasks =
        MultiGauge.builder("holdfast.tasks.unserved")
            .description("Tasks that wait for a capability or labels that no known agent has")
            .register(registry);
    unserved.onLook(found -> show(tasks, found));
  }

  private static void show(MultiGauge tasks, Map<String, Integer> found) {
    var rows = new ArrayList<MultiGauge.Row<?>>();
    int all = 0;
    for (var entry : found.entrySet()) {
      all += entry.getValue();
      rows.add(MultiGauge.Row.of(Tags.of("capability", entry.getKey()), entry.getValue()));
    }
    rows.add(MultiGauge.Row.of(Tags.of("capability", ALL), all));
    tasks.register(rows, true);
  }
}
