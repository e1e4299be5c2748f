package dev.holdfast.client;

import dev.holdfast.api.TaskHandler;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Describes an agent. Not thread-safe. */
public final class AgentBuilder {
  /** Tasks that one agent can run at once, at most. */
  public static final int CONCURRENCY_MAX = 100_000;

  private final AgentFleet fleet;
  private final Set<String> capabilities = new LinkedHashSet<>();
  private final TaskHandler handler;
  private int concurrency = 1;
  private Map<String, String> labels = Map.of();
  private @Nullable String worker;

  AgentBuilder(AgentFleet fleet, String capability, TaskHandler handler) {
    this.fleet = fleet;
    this.capabilities.add(capability);
    this.handler = handler;
  }

  /** The handler takes tasks of this capability as well. */
  public AgentBuilder capability(String value) {
    capabilities.add(value);
    return this;
  }

  /** How many tasks it runs at once. Default: 1. At most {@link #CONCURRENCY_MAX}. */
  public AgentBuilder concurrency(int value) {
    if (value < 1 || value > CONCURRENCY_MAX) {
      throw new IllegalArgumentException(
          "concurrency must be 1 to " + CONCURRENCY_MAX + ", but is: " + value);
    }
    concurrency = value;
    return this;
  }

  /** What tasks' {@code requires} are matched against. Default: none. */
  public AgentBuilder labels(Map<String, String> value) {
    labels = Map.copyOf(value);
    return this;
  }

  /** The name shown in attempts. Default: {@code $HOSTNAME} or "agent", process id, a number. */
  public AgentBuilder worker(String value) {
    worker = value;
    return this;
  }

  /** Begins to take tasks. */
  public RunningAgent start() {
    String name = worker == null ? fleet.nextWorkerName() : worker;
    return fleet.start(
        new AgentSpec(List.copyOf(capabilities), name, labels, concurrency, handler));
  }
}
