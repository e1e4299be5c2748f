package dev.holdfast.grid.reach.work;

import dev.holdfast.grid.Dispatcher.AgentInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the members know of agents, put together: an agent is known to each that it talks to. */
final class KnownAgents {
  private record Identity(
      String worker, List<String> capabilities, Map<String, String> labels, boolean connected) {}

  private final Map<Identity, AgentInfo> merged = new LinkedHashMap<>();

  /** Adds what one member knows, in which one may be named more than once. */
  void add(List<AgentInfo> ofMember) {
    for (AgentInfo agent : ofMember) {
      merged.merge(
          new Identity(agent.worker(), agent.capabilities(), agent.labels(), agent.connected()),
          agent,
          KnownAgents::merge);
    }
  }

  private static AgentInfo merge(AgentInfo one, AgentInfo other) {
    return new AgentInfo(
        one.worker(),
        one.capabilities(),
        one.labels(),
        one.running() + other.running(),
        one.lastSeen().isBefore(other.lastSeen()) ? other.lastSeen() : one.lastSeen(),
        one.connected());
  }

  List<AgentInfo> merged() {
    return new ArrayList<>(merged.values());
  }
}
