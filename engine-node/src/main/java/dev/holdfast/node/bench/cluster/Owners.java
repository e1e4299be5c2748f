package dev.holdfast.node.bench.cluster;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig.ReconnectMode;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.api.ExecutionKey;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Says which member owns an execution; Holdfast's own client keeps that to itself. */
public final class Owners implements AutoCloseable {
  private static final long CONNECT_MILLIS_MAX = TimeUnit.SECONDS.toMillis(30);

  private final HazelcastInstance client;

  /** Connects to all members. */
  public Owners(BenchCluster cluster) {
    var config = new ClientConfig();
    config.setClusterName(cluster.name());
    config
        .setProperty("hazelcast.logging.type", "log4j2")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.client.heartbeat.interval", "1000")
        .setProperty("hazelcast.client.heartbeat.timeout", "5000");
    config.getNetworkConfig().setAddresses(cluster.addresses());
    config
        .getConnectionStrategyConfig()
        .setReconnectMode(ReconnectMode.ASYNC)
        .getConnectionRetryConfig()
        .setClusterConnectTimeoutMillis(CONNECT_MILLIS_MAX);
    this.client = HazelcastClient.newHazelcastClient(config);
  }

  /** Host and port of the owner of an execution of the default tenant; null: nobody now. */
  public @Nullable String of(String execution) {
    String key = new ExecutionKey(ExecutionKey.DEFAULT_TENANT, execution).text();
    Member owner = client.getPartitionService().getPartition(key).getOwner();
    return owner == null ? null : owner.getAddress().getHost() + ':' + owner.getAddress().getPort();
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
