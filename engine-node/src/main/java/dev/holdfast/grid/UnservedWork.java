package dev.holdfast.grid;

import dev.holdfast.grid.Dispatcher.AgentInfo;
import dev.holdfast.grid.dispatch.AgentDispatcher;
import dev.holdfast.grid.dispatch.WaitingKind;
import dev.holdfast.journal.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which capabilities have tasks waiting here that no agent of the cluster could take, with
 * any amount of patience. Thread-safe.
 */
public final class UnservedWork {
  /** Agents that come back, and those of a member that starts, are waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(UnservedWork.class);

  private final AgentDispatcher dispatcher;
  private final Function<String, List<AgentInfo>> agents;
  private final InstantSource clock;
  private final Map<String, Integer> tasks = new ConcurrentHashMap<>();
  private volatile Consumer<Map<String, Integer>> listener = found -> {};

  /**
   * @param agents all that are known of a tenant's; blocks
   */
  UnservedWork(
      AgentDispatcher dispatcher, Function<String, List<AgentInfo>> agents, InstantSource clock) {
    this.dispatcher = dispatcher;
    this.agents = agents;
    this.clock = clock;
  }

  /** The listener is told at once and after each look. */
  public void onLook(Consumer<Map<String, Integer>> told) {
    listener = told;
    told.accept(tasks());
  }

  /** Looks anew. Called every few seconds; blocks. */
  void look() {
    long before = clock.millis() - PATIENCE.toMillis();
    var known = new HashMap<String, List<AgentInfo>>();
    var found = new HashMap<String, Integer>();
    try {
      for (WaitingKind kind : dispatcher.waitingTasks().kinds()) {
        if (kind.oldestReadyAtMillis() < before
            && known.computeIfAbsent(kind.tenant(), agents).stream()
                .noneMatch(agent -> canTake(agent, kind.capability(), kind.requires()))) {
          found.merge(kind.capability(), kind.tasks(), Integer::sum);
        }
      }
    } catch (StoreException e) {
      LOG.debug("not all members say which agents they know, what is unserved stays as it is", e);
      return;
    }
    found.forEach((capability, count) -> {
      if (tasks.put(capability, count) == null) {
        LOG.warn("{} tasks wait for {}, which no agent that is known can do", count, capability);
      }
    });
    tasks.keySet().retainAll(found.keySet());
    listener.accept(tasks());
  }

  /** Whether the agent could be given such tasks. */
  static boolean canTake(AgentInfo agent, String capability, Map<String, String> requires) {
    return agent.capabilities().contains(capability)
        && agent.labels().entrySet().containsAll(requires.entrySet());
  }

  /** Tasks that nobody can take, by capability, all tenants together. */
  public Map<String, Integer> tasks() {
    return Map.copyOf(tasks);
  }
}
