package dev.holdfast.grid.dispatch;

import dev.holdfast.grid.AgentProfile;
import dev.holdfast.grid.Dispatcher.AgentInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Which agents there are: those connected, and those that polled a short while ago. */
final class AgentDirectory {
  /** How long an agent that polls is remembered after its last poll. */
  private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(1);

  private record Seen(AgentProfile profile, long atNanos) {}

  private final LongSupplier nanoClock;
  private final Map<String, Seen> polling = new ConcurrentHashMap<>();

  AgentDirectory(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  void seen(AgentProfile profile) {
    polling.put(key(profile.tenant(), profile.worker()), new Seen(profile, now()));
  }

  private static String key(String tenant, String worker) {
    return tenant + '/' + worker;
  }

  List<AgentInfo> list(String tenant, Collection<Connection> connections, LeaseTable leases) {
    var running = new HashMap<String, Integer>();
    var agents = new ArrayList<AgentInfo>();
    for (Lease lease : leases.all()) {
      if (lease.holder == null) {
        running.merge(key(lease.execution.tenant(), lease.worker), 1, Integer::sum);
      }
    }
    // Who works on what it has polled is there, however long that takes.
    polling
        .values()
        .removeIf(seen ->
            now() - seen.atNanos() > REMEMBERED_NANOS
                && !running.containsKey(key(seen.profile().tenant(), seen.profile().worker())));
    for (Connection connection : connections) {
      if (connection.profile.tenant().equals(tenant)) {
        agents.add(info(connection.profile, connection.held.size(), connection.heardNanos, true));
      }
    }
    for (Seen seen : polling.values()) {
      if (seen.profile().tenant().equals(tenant)) {
        int tasks = running.getOrDefault(key(tenant, seen.profile().worker()), 0);
        agents.add(info(seen.profile(), tasks, seen.atNanos(), false));
      }
    }
    return agents;
  }

  private AgentInfo info(AgentProfile profile, int running, long heardNanos, boolean connected) {
    return new AgentInfo(
        profile.worker(),
        profile.capabilities(),
        profile.labels(),
        running,
        Instant.now().minus(Duration.ofNanos(now() - heardNanos)),
        connected);
  }

  private long now() {
    return nanoClock.getAsLong();
  }
}
