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
    polling.put(profile.tenant() + '/' + profile.worker(), new Seen(profile, now()));
  }

  List<AgentInfo> list(String tenant, Collection<Connection> connections, LeaseTable leases) {
    polling.values().removeIf(seen -> now() - seen.atNanos() > REMEMBERED_NANOS);
    var runningByWorker = new HashMap<String, Integer>();
    var agents = new ArrayList<AgentInfo>();
    for (Lease lease : leases.all()) {
      if (lease.execution.tenant().equals(tenant) && lease.holder == null) {
        runningByWorker.merge(lease.worker, 1, Integer::sum);
      }
    }
    for (Connection connection : connections) {
      if (connection.profile.tenant().equals(tenant)) {
        agents.add(info(connection.profile, connection.held.size(), connection.heardNanos, true));
      }
    }
    for (Seen seen : polling.values()) {
      if (seen.profile().tenant().equals(tenant)) {
        int running = runningByWorker.getOrDefault(seen.profile().worker(), 0);
        agents.add(info(seen.profile(), running, seen.atNanos(), false));
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
