package dev.holdfast.grid.dispatch;

import dev.holdfast.grid.Assignment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the running batch of effects hands over. Used by the effects thread alone. */
final class Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

  private final LeaseTable leases;
  private final Map<AgentChannel, List<Assignment>> outgoing = new IdentityHashMap<>();

  Deliveries(LeaseTable leases) {
    this.leases = leases;
  }

  /** Goes out with the next {@link #flush}. */
  void add(AgentChannel channel, Assignment assignment) {
    outgoing.computeIfAbsent(channel, unused -> new ArrayList<>()).add(assignment);
  }

  /** Sends what has gathered, one delivery for each agent. */
  void flush() {
    if (outgoing.isEmpty()) {
      return;
    }
    outgoing.forEach((channel, assignments) -> {
      try {
        channel.deliver(assignments).forEach(one -> leases.undelivered(one.tenant(), one.token()));
      } catch (RuntimeException e) {
        // Not lost: the agent's next beats won't name them, and they are handed out anew.
        LOG.warn("could not push {} tasks to {}", assignments.size(), channel.profile, e);
      }
    });
    outgoing.clear();
  }
}
