package dev.holdfast.grid;

import java.util.List;
import java.util.Map;

/**
 * Who asks for work.
 *
 * @param worker name shown in attempts
 * @param capabilities what it can do: the {@code agent} of tasks
 * @param labels what tasks' {@code requires} are matched against
 */
public record AgentProfile(
    String tenant, String worker, List<String> capabilities, Map<String, String> labels) {
  public AgentProfile {
    capabilities = List.copyOf(capabilities);
    labels = Map.copyOf(labels);
  }
}
