package dev.holdfast.gateway;

import dev.holdfast.core.Limits;
import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.GridSettings;
import dev.holdfast.journal.memory.MemoryStateStore;
import dev.holdfast.ops.BlobMetrics;
import dev.holdfast.ops.ChainMetrics;
import dev.holdfast.ops.ClusterMetrics;
import dev.holdfast.ops.EngineMetrics;
import dev.holdfast.ops.JournalMetrics;
import dev.holdfast.ops.MigrationMetrics;
import dev.holdfast.ops.NodeMetrics;
import dev.holdfast.ops.ReconcilerMetrics;
import dev.holdfast.ops.Retention;
import dev.holdfast.ops.ScheduleMetrics;
import dev.holdfast.ops.SlotMetrics;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A member with a memory store and a gateway on a free port. As an extension in a static field it
 * is there for all tests of a class, and closed after them.
 */
public final class TestNode implements AutoCloseable, AfterAllCallback {
  public final GridEngine engine;
  public final NodeMetrics metrics;
  private final Retention retention;
  public final HttpGateway gateway;
  public final Api api;

  public TestNode() {
    this(
        new GridEngine(
            GridSettings.of("gateway-test-" + UUID.randomUUID(), "test").build(),
            new MemoryStateStore(),
            InstantSource.system()));
  }

  /**
   * A gateway of this member.
   *
   * @param engine is closed with the gateway
   */
  public TestNode(GridEngine engine) {
    this.engine = engine;
    retention = new Retention(engine.store(), Limits.RETENTION, engine.clock());
    metrics =
        new NodeMetrics(
            List.of(
                new EngineMetrics(
                    engine.stats(), engine.agents(), engine::liveCount, engine.clock()),
                retention,
                new ClusterMetrics(engine.control(), engine::partitions),
                new ChainMetrics(engine.chains()),
                new ReconcilerMetrics(engine::stuckCount, engine::repairCount, engine.unserved()),
                new ScheduleMetrics(engine.stats(), engine::scheduleCount),
                new SlotMetrics(engine.slots()),
                new MigrationMetrics(engine.migrations()),
                new BlobMetrics(engine.blobKeeping()),
                new JournalMetrics(engine.journal(), engine.store())));
    gateway =
        new HttpGateway(
            engine,
            GatewaySettings.on("127.0.0.1", 0),
            metrics::scrape,
            metrics.http()::answered,
            engine.clock());
    gateway.start();
    api = new Api(gateway.port());
  }

  /** Stops the gateway alone. */
  public void closeGateway() {
    api.close();
    gateway.close();
    retention.close();
    metrics.close();
  }

  @Override
  public void close() {
    closeGateway();
    engine.close();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }
}
