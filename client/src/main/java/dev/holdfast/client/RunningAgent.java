package dev.holdfast.client;

import java.time.Duration;

/** An agent at work. Thread-safe. */
public final class RunningAgent implements AutoCloseable {
  private static final Duration DRAIN_DEFAULT = Duration.ofSeconds(30);

  private final AgentRuntime runtime;
  private final AgentFleet fleet;

  RunningAgent(AgentRuntime runtime, AgentFleet fleet) {
    this.runtime = runtime;
    this.fleet = fleet;
  }

  /** The name shown in attempts. */
  public String worker() {
    return runtime.spec().worker();
  }

  /** Tasks that it holds at the moment. */
  public int running() {
    return runtime.held();
  }

  /** Drains: takes nothing more, and waits up to 30 s for what runs. */
  @Override
  public void close() {
    close(DRAIN_DEFAULT);
  }

  /**
   * Drains: takes nothing more, and waits for what runs. What has not finished by then is
   * interrupted, and the engine gives it to another agent.
   *
   * @return whether everything finished in time
   */
  public boolean close(Duration drain) {
    return fleet.stop(runtime, drain);
  }
}
