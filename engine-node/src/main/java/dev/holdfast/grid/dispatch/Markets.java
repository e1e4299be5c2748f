package dev.holdfast.grid.dispatch;

import dev.holdfast.grid.DispatchSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The markets of all capabilities, and the quotas of those that have a rate limit. Everything here,
 * and the fields of channels, is guarded by the one lock; what takes it says so, everything else is
 * for who holds it.
 */
final class Markets {
  final ReentrantLock lock = new ReentrantLock();

  private final Map<Capability, Market> markets = new HashMap<>();

  /** Of the capabilities that have a rate limit; no entry comes or goes. */
  private final Map<String, Quota> quotas = new HashMap<>();

  /**
   * @param settings which capabilities have limits, and tenants' weights
   * @param nowNanos as {@code System.nanoTime}
   */
  Markets(DispatchSettings settings, long nowNanos) {
    settings
        .rateLimits()
        .forEach((capability, limit) ->
            quotas.put(capability, new Quota(limit, settings.tenantWeights(), nowNanos)));
  }

  /** The capability's; null: nobody offers it, and no task asks for it. */
  @Nullable Market find(Capability capability) {
    return markets.get(capability);
  }

  /** The capability's, which is made where there is none. */
  Market of(Capability capability) {
    Market market = markets.get(capability);
    if (market == null) {
      Quota quota = quotas.get(capability.name());
      market = new Market(quota);
      markets.put(capability, market);
      if (quota != null) {
        quota.add(capability.tenant(), market);
      }
    }
    return market;
  }

  Collection<Market> all() {
    return markets.values();
  }

  /** Whether any capability has a rate limit. Takes no lock. */
  boolean hasQuotas() {
    return !quotas.isEmpty();
  }

  /** Null: the capability has no rate limit. */
  @Nullable Quota quota(String capability) {
    return quotas.get(capability);
  }

  /** By capability. */
  Map<String, Quota> quotas() {
    return quotas;
  }

  /** Tasks that wait and that this agent may take, credit aside. */
  int waitingFor(AgentChannel channel) {
    int tasks = 0;
    for (String capability : channel.profile.capabilities()) {
      Market market = markets.get(new Capability(channel.profile.tenant(), capability));
      tasks += market == null ? 0 : market.waitingFor(channel);
    }
    return tasks;
  }

  /** Forgets capabilities that nobody offers and no task asks for. */
  void tidy() {
    quotas.values().forEach(Quota::tidy);
    markets.values().removeIf(Market::isIdle);
  }
}
