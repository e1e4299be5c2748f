package dev.holdfast.grid.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is left here of a capability's rate limit, and the tenants that take turns at it. Guarded by
 * the exchange's lock.
 */
final class Quota {
  /** Where there was nothing to be had, it is asked for again so soon. */
  private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** So many are asked for at once, at most. */
  private static final int ASKED_MAX = 1000;

  private final Map<String, Market> markets = new LinkedHashMap<>();
  private final TenantTurns turns;
  private int tokens;
  private boolean asking;
  private long askAtNanos;

  Quota(Map<String, Integer> weights, long nowNanos) {
    this.turns = new TenantTurns(weights);
    this.askAtNanos = nowNanos;
  }

  void add(String tenant, Market market) {
    markets.put(tenant, market);
  }

  void tidy() {
    markets.values().removeIf(Market::isIdle);
  }

  int tokens() {
    return tokens;
  }

  /** Uses one up, if there is one. */
  boolean spend() {
    if (tokens == 0) {
      return false;
    }
    tokens--;
    return true;
  }

  /** The queue to be served next, of the tenant whose turn it is; null: there is none. */
  @Nullable ReadyQueue next() {
    String tenant = tokens == 0 ? null : turns.next(markets.keySet(), this::canServe);
    Market market = tenant == null ? null : markets.get(tenant);
    return market == null ? null : market.servable();
  }

  private boolean canServe(String tenant) {
    Market market = markets.get(tenant);
    return market != null && market.servable() != null;
  }

  /** The tenant has had a turn, and a token with it. */
  void served(String tenant) {
    tokens--;
    turns.served(tenant);
  }

  /** How many tokens to ask for now; 0: none. They count as asked for. */
  int toAsk(long nowNanos) {
    if (asking || nowNanos - askAtNanos < 0) {
      return 0;
    }
    int waiting = 0;
    for (Market market : markets.values()) {
      waiting += market.size();
    }
    int missing = Math.min(waiting - tokens, ASKED_MAX);
    asking = missing > 0;
    return Math.max(0, missing);
  }

  void granted(int count, long nowNanos) {
    asking = false;
    tokens += count;
    askAtNanos = count > 0 ? nowNanos : nowNanos + ASK_AGAIN_NANOS;
  }

  Iterable<Market> markets() {
    return markets.values();
  }
}
