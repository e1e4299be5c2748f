package dev.holdfast.grid.dispatch;

import java.util.Map;

/**
 * What tasks of one ready queue have in common: any agent that may take one may take them all.
 *
 * @param requires labels that the agent must carry
 */
record QueueKey(String tenant, String capability, Map<String, String> requires) {
  QueueKey {
    requires = Map.copyOf(requires);
  }

  /** What is asked for, labels aside. */
  Capability asked() {
    return new Capability(tenant, capability);
  }
}
