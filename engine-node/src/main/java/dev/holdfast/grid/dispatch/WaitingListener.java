package dev.holdfast.grid.dispatch;

import java.util.Map;

/** Hears that a task begins to wait. Must not block. */
@FunctionalInterface
public interface WaitingListener {
  /** Hears of nothing. */
  WaitingListener NONE = (tenant, capability, requires) -> {};

  /**
   * @param requires labels that the agent must carry
   */
  void waits(String tenant, String capability, Map<String, String> requires);
}
