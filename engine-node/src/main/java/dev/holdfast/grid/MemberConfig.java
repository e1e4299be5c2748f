package dev.holdfast.grid;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MapStoreConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.map.MapStore;
import dev.holdfast.client.wire.Wire;
import dev.holdfast.client.wire.WireFactory;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.quorum.SplitBrain;
import dev.holdfast.grid.summary.SummaryTable;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.PlanResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Hazelcast's configuration of a member; GRID's numbers in brackets are reasons. */
final class MemberConfig {
  static final String EXECUTIONS = "executions";
  static final String HTTP_PORT_ATTRIBUTE = "holdfast.http.port";
  static final String VERSION_ATTRIBUTE = "holdfast.version";

  /** Threads that run commands' callables; each blocks for about one commit. */
  private static final int COMMAND_THREADS = 16;

  private static final int COMMAND_QUEUE_MAX = 10_000;

  /** Threads for what is about agents' sessions, none of which waits for anything. */
  private static final int SESSION_THREADS = 4;

  private static final int BLOB_THREADS = 4;

  private MemberConfig() {}

  static Config of(
      GridSettings settings,
      MapStore<String, ExecutionEntry> mapStore,
      PlanResolver plans,
      boolean sharedStore) {
    var config = new Config();
    config.setClusterName(settings.clusterName());
    Handshakes.configure(config);
    Promotions.configure(config);
    config.setProperty("hazelcast.logging.type", "log4j2");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.operation.fail.on.indeterminate.state", "true");
    config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", "5");
    // A killed member refuses connections: after three of these, so far apart, it is given up.
    config.setProperty("hazelcast.connection.monitor.interval", "30");
    // What a killed member owned has a new owner within moments; the default looks twice a second.
    config.setProperty("hazelcast.invocation.retry.pause.millis", "50");
    config.setProperty("hazelcast.invocation.max.retry.count", "500");
    // Who has missed a change of the member list hears of it then; the default is a minute.
    config.setProperty("hazelcast.member.list.publish.interval.seconds", "1");
    // A backup that has missed something is sent the partition again; the default is half a minute.
    config.setProperty("hazelcast.partition.backup.sync.interval", "3");
    // Clients send one a second; the default would keep a hung one's connection for five minutes.
    config.setProperty("hazelcast.client.max.no.heartbeat.seconds", "10");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.io.thread.count", "1");
    // How long a member that leaves may take to hand over; then it goes without.
    config.setProperty("hazelcast.graceful.shutdown.max.wait", "60");
    config
        .getMemberAttributeConfig()
        .setAttribute(HTTP_PORT_ATTRIBUTE, String.valueOf(settings.httpPort()))
        .setAttribute(VERSION_ATTRIBUTE, settings.version());
    network(config, settings);
    config.addMapConfig(executions(mapStore));
    config.addMapConfig(DefinitionRegistry.mapConfig());
    config
        .getExecutorConfig(Wire.EXECUTOR)
        .setPoolSize(COMMAND_THREADS)
        .setQueueCapacity(COMMAND_QUEUE_MAX)
        .setStatisticsEnabled(false);
    config
        .getExecutorConfig(Wire.SESSIONS_EXECUTOR)
        .setPoolSize(SESSION_THREADS)
        .setQueueCapacity(COMMAND_QUEUE_MAX)
        .setStatisticsEnabled(false);
    config
        .getExecutorConfig(Wire.BLOBS_EXECUTOR)
        .setPoolSize(BLOB_THREADS)
        .setQueueCapacity(COMMAND_QUEUE_MAX)
        .setStatisticsEnabled(false);
    Peers.configure(config);
    if (settings.summaries()) {
      SummaryTable.configure(config);
    }
    SplitBrain.configure(config, EXECUTIONS, DefinitionRegistry.MAP_NAME);
    config
        .getSerializationConfig()
        .addDataSerializableFactory(GridSerialization.FACTORY_ID, GridSerialization.factory())
        .addDataSerializableFactory(Wire.FACTORY_ID, new WireFactory())
        .addSerializerConfig(
            new SerializerConfig()
                .setTypeClass(ExecutionEntry.class)
                .setImplementation(new GridSerialization.EntrySerializer(plans, sharedStore)));
    return config;
  }

  private static void network(Config config, GridSettings settings) {
    var network = config.getNetworkConfig();
    network.setPort(settings.port()).setPortAutoIncrement(settings.port() == 0);
    InetAddress bound = new InetSocketAddress(settings.bindAddress(), 0).getAddress();
    config.setProperty(
        "hazelcast.socket.server.bind.any", String.valueOf(bound.isAnyLocalAddress()));
    if (!bound.isAnyLocalAddress()) {
      // Unlike an interface's address it need not be listed by one: all of 127.0.0.0/8 will do.
      config.setProperty("hazelcast.local.localAddress", bound.getHostAddress());
    }
    publish(config, settings.publicAddress(), bound);
    var join = network.getJoin();
    settings.discovery().configure(join, settings.port());
    join.getTcpIpConfig().setEnabled(!settings.join().isEmpty());
    // For so long a member looks for a cluster before it may begin one; none of a minority opens.
    join.getTcpIpConfig().setConnectionTimeoutSeconds(1);
    settings.join().forEach(join.getTcpIpConfig()::addMember);
  }

  private static void publish(Config config, String publicAddress, InetAddress bound) {
    if (publicAddress.isEmpty()) {
      return;
    }
    config.getNetworkConfig().setPublicAddress(publicAddress);
    String host = publicAddress.substring(0, publicAddress.lastIndexOf(':'));
    // Connections begin at the public address unless that is another machine's, behind NAT.
    config.setProperty(
        "hazelcast.socket.client.bind.any",
        String.valueOf(!bound.equals(new InetSocketAddress(host, 0).getAddress())));
  }

  private static MapConfig executions(MapStore<String, ExecutionEntry> mapStore) {
    return new MapConfig(EXECUTIONS)
        .setInMemoryFormat(InMemoryFormat.OBJECT)
        .setBackupCount(1)
        .setStatisticsEnabled(false)
        .setPerEntryStatsEnabled(false)
        .setMapStoreConfig(
            new MapStoreConfig()
                .setEnabled(true)
                .setImplementation(mapStore)
                .setWriteDelaySeconds(0)
                // Our store() only queues; offloaded it would be ten times slower (GRID 2).
                .setOffload(false));
  }
}
