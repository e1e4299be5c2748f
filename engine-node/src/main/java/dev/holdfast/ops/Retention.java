package dev.holdfast.ops;

import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StoreException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes executions that ended longer ago than they are kept, every hour. Several members may do
 * so on one store; the second finds nothing left.
 */
public final class Retention implements MeterBinder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final Duration FIRST_AFTER = Duration.ofMinutes(1);
  private static final Duration EVERY = Duration.ofHours(1);

  private final StateStore store;
  private final Duration keep;
  private final InstantSource clock;
  private final LongAdder purged = new LongAdder();
  private final ScheduledThreadPoolExecutor schedule;

  /**
   * @param keep how long ended executions are kept; not negative
   */
  public Retention(StateStore store, Duration keep, InstantSource clock) {
    if (keep.isNegative()) {
      throw new IllegalArgumentException("retention must not be negative, but is " + keep);
    }
    this.store = store;
    this.keep = keep;
    this.clock = clock;
    this.schedule =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("holdfast-retention").unstarted(task));
  }

  /** Begins to purge: a first time a minute from now. */
  public void start() {
    schedule.scheduleWithFixedDelay(
        this::purge, FIRST_AFTER.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
  }

  /** Purges now. */
  void purge() {
    try {
      int count = store.purge(null, clock.instant().minus(keep), false);
      purged.add(count);
      if (count > 0) {
        LOG.info("{} executions that had ended more than {} ago were removed", count, keep);
      }
    } catch (StoreException e) {
      LOG.warn("Old executions could not be removed; tried again in {}", EVERY, e);
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("holdfast.retention.purged", purged, LongAdder::sum)
        .description("Executions removed since they were older than the retention")
        .register(registry);
  }

  @Override
  public void close() {
    schedule.shutdownNow();
  }
}
