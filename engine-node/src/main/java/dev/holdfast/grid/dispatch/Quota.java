package dev.holdfast.grid.dispatch;

import dev.holdfast.grid.RateLimit;
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

  private final Map<String, Market> markets = new LinkedHashMap<>();
  private final TenantTurns turns;

  /** Tokens that are had at most: those that nobody takes a task for must not become a burst. */
  private final int held;

  private int tokens;
  private boolean asking;
  private long askAtNanos;

  /**
   * @param limit of the capability, in the whole cluster
   * @param weights of tenants; 1 of those not named
   * @param nowNanos as {@code System.nanoTime}
   */
  Quota(RateLimit limit, Map<String, Integer> weights, long nowNanos) {
    this.held = TokenBucket.held(limit);
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
    int missing = Math.min(waiting(), held) - tokens;
    asking = missing > 0;
    return Math.max(0, missing);
  }

  /** Tasks that wait and would be handed out if there were tokens, as far as is known here. */
  int heldUp() {
    return tokens > 0 ? 0 : waiting();
  }

  private int waiting() {
    int waiting = 0;
    for (Market market : markets.values()) {
      waiting += market.size();
    }
    return waiting;
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
