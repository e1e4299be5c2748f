package dev.holdfast.grid;

import com.hazelcast.config.Config;
import java.util.UUID;

/** A Hazelcast member without an engine, that finds no other. */
final class LoneHazelcast {
  private LoneHazelcast() {}

  static Config config() {
    var config = new Config();
    config.setClusterName("lone-" + UUID.randomUUID());
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.local.localAddress", "127.0.0.1");
    config.getNetworkConfig().setPort(0).setPortAutoIncrement(true);
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    return config;
  }
}
