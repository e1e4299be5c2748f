package dev.holdfast.client;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig.ReconnectMode;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.core.LifecycleListener;
import dev.holdfast.api.UnavailableException;
import dev.holdfast.client.wire.Wire;
import dev.holdfast.client.wire.WireFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the Hazelcast client that everything rests on. */
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int RECONNECT_EVERY_MILLIS = 100;
  private static final int SOCKET_TIMEOUT_MILLIS = 2_000;

  private Connection() {}

  /**
   * @throws UnavailableException when no member answers in time
   */
  static HazelcastInstance open(ClientSettings settings) {
    warnOfThreadPerCallback();
    CountDownLatch connected = new CountDownLatch(1);
    ClientConfig config = config(settings);
    config.addListenerConfig(
        new ListenerConfig(
            (LifecycleListener)
                event -> {
                  if (event.getState() == LifecycleState.CLIENT_CONNECTED) {
                    connected.countDown();
                  }
                }));
    HazelcastInstance hazelcast = HazelcastClient.newHazelcastClient(config);
    try {
      if (connected.await(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        return hazelcast;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    hazelcast.shutdown();
    throw new UnavailableException(
        "unreachable",
        "no member of cluster \"%s\" answered at %s within %s"
            .formatted(
                settings.clusterName(),
                String.join(", ", settings.addresses()),
                settings.connectTimeout()),
        null);
  }

  private static ClientConfig config(ClientSettings settings) {
    ClientConfig config = new ClientConfig();
    config.setClusterName(settings.clusterName());
    config
        .setProperty("hazelcast.logging.type", "slf4j")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.client.statistics.enabled", "false")
        .setProperty("hazelcast.client.metrics.enabled", "false")
        // A member that hangs is given up after five silent seconds instead of a minute, as the
        // members do among themselves; what was under way to it then fails, and is tried again.
        .setProperty("hazelcast.client.heartbeat.interval", "1000")
        .setProperty("hazelcast.client.heartbeat.timeout", "5000")
        // Retrying is done above, where it is known what a command's time is.
        .setProperty("hazelcast.client.invocation.timeout.seconds", "5")
        .setProperty("hazelcast.client.invocation.retry.pause.millis", "100");
    config.getNetworkConfig().setAddresses(settings.addresses());
    config.getNetworkConfig().setConnectionTimeout(SOCKET_TIMEOUT_MILLIS);
    config.getSerializationConfig().addDataSerializableFactory(Wire.FACTORY_ID, new WireFactory());
    config
        .getConnectionStrategyConfig()
        .setAsyncStart(true)
        .setReconnectMode(ReconnectMode.ASYNC)
        .getConnectionRetryConfig()
        .setInitialBackoffMillis(RECONNECT_EVERY_MILLIS)
        .setMaxBackoffMillis(RECONNECT_EVERY_MILLIS)
        .setMultiplier(1)
        .setClusterConnectTimeoutMillis(Long.MAX_VALUE);
    return config;
  }

  private static void warnOfThreadPerCallback() {
    if (ForkJoinPool.getCommonPoolParallelism() <= 1) {
      LOG.warn(
          "With a common pool of one thread Hazelcast starts a new thread for each callback, which"
              + " costs a factor of ten: start this JVM with"
              + " -Djava.util.concurrent.ForkJoinPool.common.parallelism=2");
    }
  }
}
