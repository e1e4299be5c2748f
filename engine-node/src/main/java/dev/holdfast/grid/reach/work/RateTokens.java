package dev.holdfast.grid.reach.work;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.grid.RateLimit;
import dev.holdfast.grid.dispatch.TokenBucket;
import dev.holdfast.grid.dispatch.TokenSource;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * The rate limits of the whole cluster: the bucket of each capability is with one member, the owner
 * of the partition that its name falls into, and the others take tokens out of it, in turn. When
 * that member changes, the new one begins with an empty bucket. Thread-safe.
 */
public final class RateTokens implements TokenSource {
  private record Asked(String capability, int most) {}

  private record Had(int tokens) {}

  private final Neighbours neighbours;
  private final Map<String, RateLimit> limits;
  private final LongSupplier nanoClock;
  private final ConcurrentMap<String, TokenBucket> buckets = new ConcurrentHashMap<>();

  /**
   * Answers other members' questions from here on.
   *
   * @param limits by capability
   * @param nanoClock as {@code System.nanoTime}
   */
  public RateTokens(Neighbours neighbours, Map<String, RateLimit> limits, LongSupplier nanoClock) {
    this.neighbours = neighbours;
    this.limits = limits;
    this.nanoClock = nanoClock;
    neighbours.serve(
        PeerOp.RATE_TOKENS,
        (from, body) -> {
          Asked asked = Wire.read(body, Asked.class);
          neighbours.requireOwned(place(asked.capability()));
          return Wire.write(new Had(here(from, asked.capability(), asked.most())));
        });
  }

  @Override
  public CompletableFuture<Integer> take(String capability, int most) {
    ExecutionKey place = place(capability);
    if (neighbours.isOwned(place)) {
      return CompletableFuture.completedFuture(here(neighbours.self(), capability, most));
    }
    // What this member gave out before it lost the place must not be given again.
    buckets.remove(capability);
    return neighbours
        .askOwner(place, PeerOp.RATE_TOKENS, Wire.write(new Asked(capability, most)))
        .thenApply(answer -> Wire.read(answer, Had.class).tokens());
  }

  private int here(UUID member, String capability, int most) {
    RateLimit limit = limits.get(capability);
    if (limit == null) {
      // The members were told different limits: the one that has the bucket knows of none.
      return most;
    }
    return buckets
        .computeIfAbsent(capability, unused -> new TokenBucket(limit, nanoClock.getAsLong()))
        .take(member, most, nanoClock.getAsLong());
  }

  /** Where its bucket is: a key of its partition, under which there is no execution. */
  static ExecutionKey place(String capability) {
    return new ExecutionKey(
        ExecutionKey.DEFAULT_TENANT, "rate-limit-" + Integer.toHexString(capability.hashCode()));
  }
}
