package dev.holdfast.grid.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Who is told that tasks wait for credit. Thread-safe. */
final class Shortages {
  /** So many tasks wait for the credit of an agent that has none. */
  private record Shortage(Connection agent, int tasks) {}

  /** Agents of one capability that are told of a shortage at once; the others have their turn. */
  private static final int TOLD_AT_ONCE_MAX = 16;

  /** While a shortage lasts an agent is told again so often. */
  private static final long TELL_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Least time between two looks. */
  private static final long LOOK_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(4);

  private final Markets markets;

  /** Tasks wait that no agent had credit for, and agents have not been told since. */
  private volatile boolean untold;

  private volatile long lookedNanos;

  Shortages(Markets markets) {
    this.markets = markets;
  }

  /** Tasks that wait because this agent has no credit left; counts as having told it. */
  int wanted(Connection agent, long nowNanos) {
    markets.lock.lock();
    try {
      int waiting = agent.credit > 0 ? 0 : markets.waitingFor(agent);
      agent.wantedTold = waiting;
      agent.wantedToldNanos = nowNanos;
      return waiting;
    } finally {
      markets.lock.unlock();
    }
  }

  /** Tasks wait that no agent has credit for. */
  void came() {
    untold = true;
  }

  /** Tells connected agents that tasks wait for their credit, if any do, and not too often. */
  void tell(long nowNanos) {
    if (!untold || nowNanos - lookedNanos < LOOK_NANOS_MIN) {
      return;
    }
    lookedNanos = nowNanos;
    untold = false;
    for (Shortage each : due(nowNanos)) {
      each.agent().sink.wanted(each.tasks());
    }
  }

  private List<Shortage> due(long nowNanos) {
    markets.lock.lock();
    try {
      List<Shortage> shortages = new ArrayList<>();
      for (Market market : markets.all()) {
        if (market.hasWaiting()) {
          for (AgentChannel channel : market.some(TOLD_AT_ONCE_MAX)) {
            if (channel instanceof Connection agent && isToBeTold(agent, nowNanos)) {
              agent.wantedTold = markets.waitingFor(agent);
              agent.wantedToldNanos = nowNanos;
              shortages.add(new Shortage(agent, agent.wantedTold));
            }
          }
        }
      }
      return shortages;
    } finally {
      markets.lock.unlock();
    }
  }

  private boolean isToBeTold(Connection agent, long nowNanos) {
    return agent.credit <= 0
        && (agent.wantedTold == 0 || nowNanos - agent.wantedToldNanos > TELL_AGAIN_NANOS)
        && markets.waitingFor(agent) > 0;
  }

  /** Whether the agent has been told of a shortage that is over; it counts as told of that. */
  boolean isOver(Connection agent) {
    if (agent.wantedTold == 0) {
      return false;
    }
    markets.lock.lock();
    try {
      if (agent.credit <= 0 && markets.waitingFor(agent) > 0) {
        return false;
      }
      agent.wantedTold = 0;
      // Without credit left it knows already: a task has come for each place that it gave.
      return agent.credit > 0;
    } finally {
      markets.lock.unlock();
    }
  }
}
