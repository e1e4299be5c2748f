package dev.holdfast.grid;

import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.internal.server.Server;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.tcp.TcpServerConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections to members that accept them and then say nothing: a stopped process, or one
 * behind a broken link. While Hazelcast 5.7 waits for the answer to its first bytes, it writes the
 * queue of such a connection over and over, and its I/O thread does nothing else: heartbeats to
 * healthy members stay behind, and a majority falls apart over one member that hangs.
 */
final class Handshakes implements LifecycleListener, HazelcastInstanceAware {
  private static final Logger LOG = LoggerFactory.getLogger(Handshakes.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Well below the five seconds after which a member without heartbeats is given up. */
  private static final long ANSWER_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final long NOTHING_READ = -1;

  private final Map<ServerConnection, Long> silentSince = new HashMap<>();
  private @Nullable Server server;
  private volatile boolean open = true;

  private Handshakes() {}

  /** Adds what it needs to a member's configuration: it has to watch while the member joins. */
  static void configure(Config config) {
    config.addListenerConfig(new ListenerConfig(new Handshakes()));
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    if (!(instance instanceof HazelcastInstanceImpl member)) {
      throw new IllegalArgumentException("not a member: " + instance);
    }
    server = member.node.getServer();
  }

  @Override
  public void stateChanged(LifecycleEvent event) {
    switch (event.getState()) {
      case STARTING -> {
        Server started = Objects.requireNonNull(server, "known before the start");
        Thread.ofPlatform().name("holdfast-handshakes").daemon().start(() -> watch(started));
      }
      case SHUTTING_DOWN -> open = false;
      default -> {
        // It goes on while the member merges into another part of the cluster.
      }
    }
  }

  private void watch(Server connections) {
    while (open) {
      look(connections, System.nanoTime());
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void look(Server connections, long now) {
    silentSince.keySet().removeIf(one -> !one.isAlive() || hasAnswered(one));
    for (ServerConnection one : connections.getConnections()) {
      if (one.isAlive() && isOurs(one) && !hasAnswered(one)) {
        Long since = silentSince.putIfAbsent(one, now);
        if (since != null && now - since > ANSWER_NANOS_MAX) {
          LOG.info("{} accepts a connection and does not answer", one.getRemoteAddress());
          one.close("no answer to the handshake", null);
        }
      }
    }
  }

  private static boolean isOurs(ServerConnection connection) {
    return connection instanceof TcpServerConnection tcp && !tcp.isAcceptorSide();
  }

  private static boolean hasAnswered(ServerConnection connection) {
    return connection.lastReadTimeMillis() != NOTHING_READ;
  }
}
