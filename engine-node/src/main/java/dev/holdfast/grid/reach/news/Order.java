package dev.holdfast.grid.reach.news;

import dev.holdfast.api.ExecutionKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one other member wants to be told. Thread-safe. */
final class Order {
  /** How long wishes hold that are not repeated. */
  static final long VALID_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Kinds of work that are remembered; who polls for more is found by the checks each second. */
  private static final int DEMANDS_MAX = 10_000;

  private final Set<String> tenants = new HashSet<>();
  private final Set<String> executions = new HashSet<>();
  private final Set<String> ends = new HashSet<>();
  private final Set<Demand> demands = new HashSet<>();
  private long number;
  private long renewedNanos = System.nanoTime();

  /** Takes the wishes; the reply names those that are new, and no work. */
  synchronized Wishes.Reply take(Wishes wishes) {
    renewedNanos = System.nanoTime();
    var reply =
        new Wishes.Reply(
            missing(wishes.tenants(), tenants),
            missing(wishes.executions(), executions),
            missing(wishes.ends(), ends),
            List.of());
    if (wishes.whole() && wishes.number() > number) {
      // An older list that comes late would forget what has been added since.
      tenants.clear();
      executions.clear();
      ends.clear();
      demands.clear();
    }
    number = Math.max(number, wishes.number());
    tenants.addAll(wishes.tenants());
    executions.addAll(wishes.executions());
    ends.addAll(wishes.ends());
    demands.addAll(wishes.demands());
    return reply;
  }

  private static List<String> missing(Set<String> wanted, Set<String> known) {
    var missing = new ArrayList<String>();
    for (String one : wanted) {
      if (!known.contains(one)) {
        missing.add(one);
      }
    }
    return missing;
  }

  synchronized void add(Demand demand) {
    renewedNanos = System.nanoTime();
    if (demands.size() < DEMANDS_MAX) {
      demands.add(demand);
    }
  }

  synchronized boolean isOver() {
    return System.nanoTime() - renewedNanos > VALID_NANOS;
  }

  synchronized boolean wantsEventsOf(ExecutionKey key) {
    return tenants.contains(key.tenant())
        || !executions.isEmpty() && executions.contains(key.text());
  }

  /** Whether the member wants to be told of this end; it is told once. */
  synchronized boolean takesEnd(String execution) {
    return ends.remove(execution);
  }

  synchronized @Nullable Demand demandFor(
      String tenant, String capability, Map<String, String> requires) {
    for (Demand demand : demands) {
      if (demand.covers(tenant, capability, requires)) {
        return demand;
      }
    }
    return null;
  }

  synchronized boolean has(Demand demand) {
    return demands.contains(demand);
  }

  synchronized void remove(Demand demand) {
    demands.remove(demand);
  }
}
