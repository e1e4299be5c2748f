package dev.holdfast.node.server;

import dev.holdfast.gateway.GatewaySettings;
import dev.holdfast.gateway.HttpGateway;
import dev.holdfast.grid.Discovery;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.GridSettings;
import dev.holdfast.grid.quorum.Standing;
import dev.holdfast.journal.DataFolder;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.memory.MemoryStateStore;
import dev.holdfast.journal.postgres.PostgresStateStore;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import dev.holdfast.node.config.NodeConfig;
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
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A running node: its parts, started from the disk outwards and closed in reverse. */
public final class NodeRuntime implements AutoCloseable {
  private static final InstantSource CLOCK = InstantSource.system();

  private final NodeConfig config;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final GridEngine engine;
  private final HttpGateway gateway;

  private NodeRuntime(NodeConfig config) {
    this.config = config;
    try {
      int httpPort = Ports.free(config.bind(), config.httpPort(), "--http-port");
      int memberPort = Ports.free(config.bind(), config.memberPort(), "--port");
      StateStore store = openStore();
      this.engine = begin(new GridEngine(gridSettings(memberPort, httpPort), store, CLOCK));
      var retention = begin(new Retention(store, config.retention(), engine.clock()));
      var metrics = begin(new NodeMetrics(metricsOf(retention)));
      this.gateway =
          begin(
              new HttpGateway(
                  engine,
                  new GatewaySettings(
                      config.bind(),
                      httpPort,
                      config.httpConnectionsMax(),
                      config.httpStreamsMax()),
                  metrics::scrape,
                  metrics.http()::answered,
                  engine.clock()));
      gateway.start();
      retention.start();
      // HTTP goes on answering until the member has left.
      started.push(() -> engine.control().drain().join());
    } catch (RuntimeException e) {
      closeAfter(e);
      throw e;
    }
  }

  /**
   * Starts a node; on return it answers, and takes work as soon as its cluster is open, which one
   * of its own is at once.
   *
   * @throws NodeStartException when it can't, for a reason that its operator can put right
   */
  public static NodeRuntime start(NodeConfig config) {
    return new NodeRuntime(config);
  }

  /**
   * Starts a node of a cluster of its own, at any free ports, with its data in that folder.
   *
   * @throws NodeStartException when it can't
   */
  public static NodeRuntime startAlone(Path folder, String cluster) {
    var flags =
        Map.of(
            "data",
            folder.toString(),
            "http.port",
            "0",
            "member.port",
            "0",
            "cluster.name",
            cluster);
    return start(NodeConfig.read(flags, Map.of(), null));
  }

  private StateStore openStore() {
    return switch (config.store()) {
      case MEMORY -> new MemoryStateStore();
      case POSTGRES -> new PostgresStateStore(config.database().settings(), CLOCK);
      case SQLITE -> {
        DataFolder folder = begin(DataFolder.open(config.data()));
        yield new SqliteStateStore(folder.database(), CLOCK);
      }
    };
  }

  private List<MeterBinder> metricsOf(Retention retention) {
    return List.of(
        new EngineMetrics(engine.stats(), engine.agents(), engine::liveCount, engine.clock()),
        new ClusterMetrics(engine.control(), engine::partitions),
        new ChainMetrics(engine.chains()),
        new ReconcilerMetrics(engine::stuckCount, engine::repairCount, engine.unserved()),
        new ScheduleMetrics(engine.stats(), engine::scheduleCount),
        new SlotMetrics(engine.slots()),
        new MigrationMetrics(engine.migrations()),
        new JournalMetrics(engine.journal(), engine.store()),
        new BlobMetrics(engine.blobKeeping()),
        retention);
  }

  private GridSettings gridSettings(int memberPort, int httpPort) {
    return GridSettings.of(config.clusterName(), version())
        .bindAddress(config.bind())
        .port(memberPort)
        .join(config.join())
        .clusterSize(
            config.clusterSize() > 0 ? config.clusterSize() : Math.max(1, config.join().size()))
        .httpPort(httpPort)
        .commandTimeout(config.commandTimeout())
        .backlogMax(config.backlogMax())
        .discovery(discovery())
        .publicAddress(config.memberPublicAddress())
        .summaries(config.summaries())
        .blobs(config.blobs())
        .dispatch(config.dispatch())
        .autoResumeAfter(config.autoResumeAfter())
        .build();
  }

  private Discovery discovery() {
    return switch (config.discovery()) {
      case NONE -> new Discovery.None();
      case MULTICAST -> new Discovery.Multicast();
      case KUBERNETES ->
          config.kubernetesServiceName().isEmpty()
              ? new Discovery.KubernetesDns(config.kubernetesServiceDns())
              : new Discovery.KubernetesApi(
                  config.kubernetesServiceName(),
                  config.kubernetesNamespace(),
                  Discovery.ApiAccess.OF_THE_POD);
    };
  }

  private <T extends AutoCloseable> T begin(T part) {
    started.push(part);
    return part;
  }

  private void closeAfter(RuntimeException cause) {
    try {
      close();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  public NodeConfig config() {
    return config;
  }

  /** The engine, for who runs in the same process. */
  public Engine engine() {
    return engine;
  }

  /** Where the HTTP API is, such as {@code http://127.0.0.1:8080}. */
  public String httpAddress() {
    return "http://" + config.bind() + ":" + gateway.port();
  }

  /** Host and port for thin clients. */
  public String memberAddress() {
    return engine.cluster().members().stream()
        .filter(member -> member.local())
        .findFirst()
        .orElseThrow()
        .address();
  }

  /** Whether the cluster takes commands. */
  public Standing standing() {
    return engine.control().standing();
  }

  /** Completes when the cluster has opened. */
  public CompletableFuture<Void> opened() {
    return engine.control().opened();
  }

  /** The kind of its store. */
  public String store() {
    return engine.store().kind();
  }

  /** Of the build; {@code dev} when it runs from class files. */
  public String version() {
    return Objects.requireNonNullElse(
        NodeRuntime.class.getPackage().getImplementationVersion(), "dev");
  }

  /** Leaves the cluster, finishes the journal, stops listening, lets go of the data folder. */
  @Override
  public void close() {
    RuntimeException failure = null;
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("the node did not stop cleanly", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
