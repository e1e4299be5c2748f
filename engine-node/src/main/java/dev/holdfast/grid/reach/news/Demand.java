package dev.holdfast.grid.reach.news;

import dev.holdfast.grid.AgentProfile;
import java.util.List;
import java.util.Map;

/**
 * What agents that poll alike ask for: their profile without their name.
 *
 * @param capabilities in the order of their names, each once
 */
public record Demand(String tenant, List<String> capabilities, Map<String, String> labels) {
  public Demand {
    capabilities = capabilities.stream().distinct().sorted().toList();
    labels = Map.copyOf(labels);
  }

  /** What this agent asks for. */
  public static Demand of(AgentProfile profile) {
    return new Demand(profile.tenant(), profile.capabilities(), profile.labels());
  }

  /** Whether such an agent can take such a task. */
  public boolean covers(String ofTenant, String capability, Map<String, String> requires) {
    return tenant.equals(ofTenant)
        && capabilities.contains(capability)
        && labels.entrySet().containsAll(requires.entrySet());
  }
}
